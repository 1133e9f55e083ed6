import { useQuery } from '@tanstack/react-query';
import { Link } from 'wouter';
import type { IncidentObject } from '#core/rest-workspaces.ts';
import { ActionButton } from '../../actions/action-button.tsx';
import { pauseRuns, resumeRuns } from '../../actions/incident.ts';
import { useWorkspace } from '../../app/place.ts';
import { describeActor } from '../../data/describe-cause.ts';
import { get } from '../../data/http.ts';
import { InlineProblem } from '../../ui/error-state.tsx';
import { Age } from '../../ui/moment.tsx';
import { Panel } from '../../ui/panel.tsx';
import { countRuns } from './count-runs.ts';

const EVERY_MS = 15_000;

/** All open runs of a workspace stand still, and go on together later (UI §4.16). */
export function IncidentPanel() {
  const { id, path } = useWorkspace();
  const { data, error, refetch } = useQuery({
    queryKey: ['list', `workspaces/${id}/incident`],
    queryFn: ({ signal }) => get<IncidentObject>(`workspaces/${id}/incident`, {}, signal),
    refetchInterval: EVERY_MS,
  });
  const subject = data && { id, path, incident: data };
  return (
    <Panel title="Incident" id="incident">
      {error ? <InlineProblem problem={error} onRetry={() => void refetch()} /> : null}
      <div className="flex min-h-16 flex-wrap items-center justify-between gap-3 p-4 text-13">
        <div className="max-w-120 text-2">
          {data && data.held > 0 && data.since ? (
            <>
              <p>
                {countRuns(data.held)} paused together <Age at={data.since} /> by {describeActor(data.by ?? '')}
                {data.reason ? `: ${data.reason}` : ''}
              </p>
              <p className="mt-1 flex flex-wrap gap-x-3">
                {data.runs.map((run) => (
                  <Link key={run.id} href={`/r/${run.id}`} className="text-link hover:underline">
                    {run.label}
                  </Link>
                ))}
                {data.held > data.runs.length ? `and ${data.held - data.runs.length} more` : null}
              </p>
            </>
          ) : (
            <p>Pauses every open run of the workspace; those go on together later.</p>
          )}
        </div>
        {subject ? (
          <span className="flex flex-wrap gap-2">
            <ActionButton action={resumeRuns} subject={subject} />
            <ActionButton action={pauseRuns} subject={subject} />
          </span>
        ) : null}
      </div>
    </Panel>
  );
}
