import { useState } from 'react';
import type { SecretSubject } from '../../actions/secret.ts';
import { write } from '../../data/http.ts';
import { useSubmit } from '../../data/use-submit.ts';
import { TextField } from '../../ui/field.tsx';
import { FormDialog } from '../../ui/form-dialog.tsx';
import { showToast } from '../../ui/toast.tsx';

const MOST_DAYS = 3_650;

/** After how many days the secret wants another value. */
export function RotationDialog({ subject: { secret }, onClose }: { subject: SecretSubject; onClose(): void }) {
  const [days, setDays] = useState(secret.rotateDays === null ? '' : String(secret.rotateDays));
  const wanted = days === '' ? null : Number(days);
  const isWrong = wanted !== null && !(Number.isInteger(wanted) && wanted >= 1 && wanted <= MOST_DAYS);
  const form = useSubmit(
    async (key) => {
      await write('PUT', `secrets/${secret.id}/rotation`, { days: wanted }, { key, ifMatch: `"${secret.seq}"` });
      showToast({
        kind: 'done',
        text: `${secret.name} ${wanted === null ? 'has no rule' : `wants a value every ${wanted} days`}`,
      });
      onClose();
    },
    ['secrets'],
  );
  return (
    <FormDialog
      title={`Rotation of ${secret.name}`}
      verb="Set rule"
      form={form}
      disabledReason={
        isWrong ? 'that is no number of days' : wanted === secret.rotateDays ? 'nothing is changed' : null
      }
      onClose={onClose}
    >
      <TextField
        label="A new value every so many days"
        type="number"
        min={1}
        max={MOST_DAYS}
        required={false}
        value={days}
        hint="1 to 3650; empty is no rule. An older value is marked, and goes on being released."
        onChange={(event) => setDays(event.target.value)}
      />
    </FormDialog>
  );
}
