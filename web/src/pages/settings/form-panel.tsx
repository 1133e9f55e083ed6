import type { ReactNode } from 'react';
import { Button } from '../../ui/button.tsx';
import { InlineProblem } from '../../ui/error-state.tsx';
import { Panel } from '../../ui/panel.tsx';

/** Fields of an object that wait for Save; what was refused stands beside it. */
export function FormPanel(props: {
  title: string;
  verb?: string;
  isMain?: boolean;
  isBusy: boolean;
  problem: unknown;
  disabledReason?: string | null;
  onSubmit(): void;
  children: ReactNode;
}) {
  const { title, verb = 'Save', isMain = true, isBusy, problem, disabledReason = null, onSubmit, children } = props;
  return (
    <Panel title={title}>
      <form
        noValidate
        className="flex max-w-120 flex-col gap-4 p-4"
        onSubmit={(event) => {
          event.preventDefault();
          if (disabledReason === null) onSubmit();
        }}
      >
        {children}
        {problem ? <InlineProblem problem={problem} /> : null}
        <div>
          <Button
            type="submit"
            variant={isMain ? 'primary' : 'secondary'}
            isBusy={isBusy}
            disabledReason={disabledReason}
          >
            {verb}
          </Button>
        </div>
      </form>
    </Panel>
  );
}

/** The reason of a refusal; null where it may be done. */
export function reasonOf(can: true | { no: string }): string | null {
  return can === true ? null : can.no;
}
