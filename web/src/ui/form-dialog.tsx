import type { ReactNode } from 'react';
import type { Form } from '../data/use-submit.ts';
import { Button } from './button.tsx';
import { Dialog } from './dialog.tsx';
import { InlineProblem } from './error-state.tsx';

/** A dialog that is a form: fields, what was refused, Cancel and the verb. */
export function FormDialog(props: {
  title: string;
  /** Of the button. */
  verb: string;
  form: Form;
  disabledReason?: string | null;
  isDangerous?: boolean;
  width?: 'narrow' | 'normal' | 'wide';
  onClose(): void;
  children: ReactNode;
}) {
  const { title, verb, form, disabledReason = null, isDangerous = false, width = 'narrow', onClose, children } = props;
  return (
    <Dialog
      title={title}
      width={width}
      onClose={onClose}
      onSubmit={() => {
        if (disabledReason === null) form.submit();
      }}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button
            type="submit"
            variant={isDangerous ? 'danger' : 'primary'}
            isBusy={form.isBusy}
            disabledReason={disabledReason}
          >
            {verb}
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-3">
        {children}
        {form.problem ? <InlineProblem problem={form.problem} /> : null}
      </div>
    </Dialog>
  );
}
