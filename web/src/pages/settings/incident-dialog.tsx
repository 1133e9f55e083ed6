import { useState } from 'react';
import type { IncidentResult } from '#core/rest-workspaces.ts';
import type { IncidentSubject } from '../../actions/incident.ts';
import { write } from '../../data/http.ts';
import { useSubmit } from '../../data/use-submit.ts';
import { TextField } from '../../ui/field.tsx';
import { FormDialog } from '../../ui/form-dialog.tsx';
import { showToast } from '../../ui/toast.tsx';
import { countRuns } from './count-runs.ts';

/** Pauses every open run of a workspace, with why. */
export function IncidentDialog({ subject, onClose }: { subject: IncidentSubject; onClose(): void }) {
  const { id, path, incident } = subject;
  const [reason, setReason] = useState('');
  const form = useSubmit(
    async (key) => {
      const body = reason.trim() ? { reason: reason.trim() } : {};
      const { changed, left, refused } = (
        await write<IncidentResult>('POST', `workspaces/${id}/pause-runs`, body, { key })
      ).body;
      const [first] = refused;
      const others = [
        ...(left > 0 ? [`${countRuns(left)} left: pause again`] : []),
        ...(first ? [`${first.run} was not: ${first.message}`] : []),
      ];
      showToast({
        kind: 'done',
        text: `${countRuns(changed)} paused`,
        ...(others.length > 0 ? { hint: others.join('; ') } : {}),
      });
      onClose();
    },
    [`workspaces/${id}/incident`],
  );
  return (
    <FormDialog
      title={`Pause all runs of ${path}`}
      verb={`Pause ${countRuns(incident.open)}`}
      isBusy={form.isBusy}
      problem={form.problem}
      isDangerous
      onClose={onClose}
      onSubmit={form.submit}
    >
      <p className="text-13 text-2">
        Nothing of them starts any more; what executes goes on to its end, and clocks stand still. Runs that begin later
        are not held.
      </p>
      <TextField
        label="Reason"
        required={false}
        value={reason}
        hint="Stands with each run and in the audit."
        onChange={(event) => setReason(event.target.value)}
      />
    </FormDialog>
  );
}
