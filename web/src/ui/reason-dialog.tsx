import { useState, type ReactNode } from 'react';
import type { Wish } from '../data/http.ts';
import { useSubmit } from '../data/use-submit.ts';
import { TextField } from './field.tsx';
import { FormDialog } from './form-dialog.tsx';

/** Asks why before something that holds others up; what will happen stands above. */
export function ReasonDialog(props: {
  title: string;
  verb: string;
  effect: ReactNode;
  /** Who reads the reason. */
  hint: string;
  isRequired?: boolean;
  /** Lists that are asked anew when it is done. */
  refreshes?: readonly string[];
  /** Does it and says so; `reason` is empty where none was given. */
  send(reason: string, key: Wish): Promise<void>;
  onClose(): void;
}) {
  const { title, verb, effect, hint, isRequired = false, refreshes = [], send, onClose } = props;
  const [typed, setTyped] = useState('');
  const reason = typed.trim();
  const form = useSubmit(async (key) => {
    await send(reason, key);
    onClose();
  }, refreshes);
  return (
    <FormDialog
      {...{ title, verb, form, onClose }}
      isDangerous
      disabledReason={isRequired && reason === '' ? 'there is no reason yet' : null}
    >
      <p className="text-13 text-2">{effect}</p>
      <TextField
        label="Reason"
        required={isRequired}
        value={typed}
        hint={hint}
        onChange={(event) => setTyped(event.target.value)}
      />
    </FormDialog>
  );
}
