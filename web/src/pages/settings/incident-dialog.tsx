import type { IncidentResult } from '#core/rest-workspaces.ts';
import type { IncidentSubject } from '../../actions/incident.ts';
import { write } from '../../data/http.ts';
import { ReasonDialog } from '../../ui/reason-dialog.tsx';
import { showToast } from '../../ui/toast.tsx';
import { countRuns } from './count-runs.ts';

/** Pauses every open run of a workspace, with why. */
export function IncidentDialog({ subject, onClose }: { subject: IncidentSubject; onClose(): void }) {
  const { id, path, incident } = subject;
  return (
    <ReasonDialog
      title={`Pause all runs of ${path}`}
      verb={`Pause ${countRuns(incident.open)}`}
      effect="Nothing of them starts any more; what executes goes on to its end, and clocks stand still. Runs that begin later are not held."
      hint="Stands with each run and in the audit."
      refreshes={[`workspaces/${id}/incident`]}
      send={async (reason, key) => {
        const body = reason ? { reason } : {};
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
      }}
      onClose={onClose}
    />
  );
}
