import { useState } from 'react';
import { write } from '../../data/http.ts';
import { useSubmit } from '../../data/use-submit.ts';
import { TextField } from '../../ui/field.tsx';
import { FormDialog } from '../../ui/form-dialog.tsx';
import { showToast } from '../../ui/toast.tsx';

/** Begins maintenance, with what people are told whose runs do not start. */
export function MaintenanceDialog({ onClose }: { onClose(): void }) {
  const [reason, setReason] = useState('');
  const form = useSubmit(
    async (key) => {
      await write(
        'PUT',
        'system/maintenance',
        { on: true, ...(reason.trim() ? { reason: reason.trim() } : {}) },
        { key },
      );
      showToast({ kind: 'done', text: 'No run starts until maintenance is ended' });
      onClose();
    },
    ['system/maintenance'],
  );
  return (
    <FormDialog
      title="Begin maintenance"
      verb="Begin maintenance"
      isBusy={form.isBusy}
      problem={form.problem}
      isDangerous
      onClose={onClose}
      onSubmit={form.submit}
    >
      <p className="text-13 text-2">
        No run starts in any workspace: triggers are refused and told to ask again. Open runs go on to their end. It
        stands in the audit of every organization.
      </p>
      <TextField
        label="Reason"
        required={false}
        value={reason}
        hint="Whoever starts a run is told."
        onChange={(event) => setReason(event.target.value)}
      />
    </FormDialog>
  );
}
