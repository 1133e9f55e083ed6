import { useQueryClient } from '@tanstack/react-query';
import type { PlaceSubject } from '../../../actions/group.ts';
import { write } from '../../../data/http.ts';
import { ReasonDialog } from '../../../ui/reason-dialog.tsx';
import { showToast } from '../../../ui/toast.tsx';

/** Frees a place that is held; why is kept in the audit. */
export function ReleaseDialog({ subject, onClose }: { subject: PlaceSubject; onClose(): void }) {
  const { pipelineId, group, place } = subject;
  const queries = useQueryClient();
  const who = place.stage === null ? place.label : `${place.label} ${place.stage}`;
  const next = group.waiters[0]?.label ?? 'whoever asks next';
  return (
    <ReasonDialog
      title={`Release a place of ${group.group}`}
      verb="Release"
      effect={`${who} loses its place and goes on running; ${next} begins beside it.`}
      hint="Kept in the audit."
      isRequired
      send={async (reason, key) => {
        const body = { group: group.group, place: place.id, reason };
        await write('POST', `pipelines/${pipelineId}/groups/release`, body, { key });
        await queries.invalidateQueries({ queryKey: ['pipeline-groups', pipelineId] });
        showToast({ kind: 'done', text: `The place of ${who} is free` });
      }}
      onClose={onClose}
    />
  );
}
