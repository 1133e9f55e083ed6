import type { InboxRun } from '#core/rest-inbox.ts';
import { Age, Elapsed, Took, serverNow } from '../../ui/moment.tsx';
import { stateOf } from '../../ui/state.ts';
import { describeRun } from './describe-run.ts';
import { Row } from './row.tsx';
import { WorkspaceName } from './workspace-name.tsx';

/** Runs as rows; those that are broken say since when and why, mine how long they take. */
export function RunRows({ label, runs, kind }: { label: string; runs: readonly InboxRun[]; kind: 'broken' | 'mine' }) {
  return (
    <ul aria-label={label}>
      {runs.map((run) => (
        <Row
          key={run.id}
          id={run.id}
          state={stateOf(run.status, 'run', serverNow())}
          href={run.url}
          object={
            <>
              {run.pipeline.name} <span className="tabular text-2">#{run.number}</span>
            </>
          }
          reason={
            <>
              <WorkspaceName path={run.workspace} />
              {describeRun(run)}
            </>
          }
          age={
            kind === 'mine' && run.durationMs !== null ? (
              run.endedAt === null ? (
                <Elapsed from={run.createdAt} to={null} />
              ) : (
                <Took ms={run.durationMs} />
              )
            ) : (
              <Age at={run.endedAt ?? run.createdAt} />
            )
          }
        />
      ))}
    </ul>
  );
}
