import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { PlaceSubject } from '../../../actions/group.ts';
import { write } from '../../../data/http.ts';
import { useSubmit } from '../../../data/use-submit.ts';
import { TextField } from '../../../ui/field.tsx';
import { FormDialog } from '../../../ui/form-dialog.tsx';
import { showToast } from '../../../ui/toast.tsx';

/** Frees a place that is held; why is kept in the audit. */
export function ReleaseDialog({ subject, onClose }: { subject: PlaceSubject; onClose(): void }) {
  const { pipelineId, group, place } = subject;
  const queries = useQueryClient();
  const [reason, setReason] = useState('');
  const who = place.stage === null ? place.label : `${place.label} ${place.stage}`;
  const form = useSubmit(async (key) => {
    const body = { group: group.group, place: place.id, reason };
    await write('POST', `pipelines/${pipelineId}/groups/release`, body, { key });
    await queries.invalidateQueries({ queryKey: ['pipeline-groups', pipelineId] });
    showToast({ kind: 'done', text: `The place of ${who} is free` });
    onClose();
  });
  return (
    <FormDialog
      title={`Release a place of ${group.group}`}
      verb="Release"
      isDangerous
      isBusy={form.isBusy}
      problem={form.problem}
      disabledReason={reason.trim() === '' ? 'there is no reason yet' : null}
      onClose={onClose}
      onSubmit={form.submit}
    >
      <p className="text-13 text-2">
        {who} loses its place and goes on running;{' '}
        {group.waiters[0] ? `${group.waiters[0].label} begins beside it.` : 'whoever asks next begins beside it.'}
      </p>
      <TextField
        label="Reason"
        hint="Kept in the audit."
        value={reason}
        onChange={(event) => setReason(event.target.value)}
      />
    </FormDialog>
  );
}
