import { useState, type ReactNode } from 'react';
import { Button } from './button.tsx';
import { Dialog } from './dialog.tsx';
import { InlineProblem } from './error-state.tsx';
import { TextField } from './field.tsx';

export interface ConfirmProps {
  title: string;
  /** What will happen, in numbers. */
  effect: ReactNode;
  /** The verb of the button, never OK: `Cancel the run`. */
  verb: string;
  isDangerous?: boolean;
  /** What has to be typed before it can be pressed, for what cannot be undone. */
  typed?: string;
  isBusy?: boolean;
  /** Why the last try was refused. */
  problem?: unknown;
  onConfirm(): void;
  onClose(): void;
  children?: ReactNode;
}

/** Asks before something that changes the world. */
export function Confirm(props: ConfirmProps) {
  const { title, effect, verb, isDangerous, typed, isBusy = false, problem, onConfirm, onClose, children } = props;
  const [text, setText] = useState('');
  const missing = typed !== undefined && text !== typed ? `type ${typed} first` : null;
  return (
    <Dialog
      title={title}
      onClose={onClose}
      onSubmit={() => {
        if (!missing && !isBusy) onConfirm();
      }}
      footer={
        <>
          <Button variant="ghost" onClick={onClose}>
            Close
          </Button>
          <Button type="submit" variant={isDangerous ? 'danger' : 'primary'} isBusy={isBusy} disabledReason={missing}>
            {verb}
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-4 text-13 text-2">
        <div>{effect}</div>
        {children}
        {typed === undefined ? null : (
          <TextField
            label={`Type ${typed} to confirm`}
            value={text}
            autoComplete="off"
            spellCheck={false}
            onChange={(event) => setText(event.target.value)}
          />
        )}
        {problem ? <InlineProblem problem={problem} /> : null}
      </div>
    </Dialog>
  );
}
