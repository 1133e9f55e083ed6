import type { ReactNode } from 'react';
import { Button } from './button.tsx';
import { Dialog } from './dialog.tsx';
import { InlineProblem } from './error-state.tsx';

/** A dialog that is a form: fields, what was refused, Cancel and the verb. */
export function FormDialog(props: {
  title: string;
  /** Of the button. */
  verb: string;
  isBusy: boolean;
  problem: unknown;
  disabledReason?: string | null;
  isDangerous?: boolean;
  width?: 'narrow' | 'normal' | 'wide';
  onClose(): void;
  onSubmit(): void;
  children: ReactNode;
}) {
  const {
    title,
    verb,
    isBusy,
    problem,
    disabledReason = null,
    isDangerous = false,
    width = 'narrow',
    onClose,
    onSubmit,
    children,
  } = props;
  return (
    <Dialog
      title={title}
      width={width}
      onClose={onClose}
      onSubmit={() => {
        if (disabledReason === null) onSubmit();
      }}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button
            type="submit"
            variant={isDangerous ? 'danger' : 'primary'}
            isBusy={isBusy}
            disabledReason={disabledReason}
          >
            {verb}
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-3">
        {children}
        {problem ? <InlineProblem problem={problem} /> : null}
      </div>
    </Dialog>
  );
}
