import { useState } from 'react';
import type { SecretSubject } from '../../actions/secret.ts';
import { write } from '../../data/http.ts';
import { useSubmit } from '../../data/use-submit.ts';
import { FormDialog } from '../../ui/form-dialog.tsx';
import { showToast } from '../../ui/toast.tsx';
import { ValueField } from './value-field.tsx';

/** Gives a secret a new value, as its next version. */
export function ReplaceDialog({ subject: { secret }, onClose }: { subject: SecretSubject; onClose(): void }) {
  const [value, setValue] = useState('');
  const form = useSubmit(
    async (key) => {
      await write('PUT', `secrets/${secret.id}`, { value }, { key, ifMatch: `"${secret.seq}"` });
      showToast({ kind: 'done', text: `${secret.name} has version ${secret.version + 1}` });
      onClose();
    },
    ['secrets'],
  );
  return (
    <FormDialog
      title={`New value of ${secret.name}`}
      verb={`Set version ${secret.version + 1}`}
      form={form}
      disabledReason={value === '' ? 'there is no value yet' : null}
      onClose={onClose}
    >
      <ValueField value={value} onChange={setValue} />
    </FormDialog>
  );
}
