import type { ReactNode } from 'react';
import { Link } from 'wouter';
import type { InboxBroken, InboxRun } from '#core/rest-inbox.ts';
import { ActionButton } from '../../actions/action-button.tsx';
import { rerunFound } from '../../actions/run-found.ts';
import { Age, Elapsed, Took, serverNow } from '../../ui/moment.tsx';
import { stateOf } from '../../ui/state.ts';
import { describeRun } from './describe-run.ts';
import { Row } from './row.tsx';
import { WorkspaceName } from './workspace-name.tsx';

/** Pipelines whose default branch is broken: since when, by which commit, and the way to try again. */
export function BrokenRows({ runs }: { runs: readonly InboxBroken[] }) {
  return runs.map((run) => (
    <RunRow
      key={run.id}
      run={run}
      reason={
        <>
          {describeRun(run)}
          <Since run={run} />
        </>
      }
      age={<Age at={run.first.endedAt} />}
    />
  ));
}

/** The commit of the first that did not succeed, or its number; nothing where the run itself is all there is to say. */
function Since({ run: { label, first } }: { run: InboxBroken }) {
  if (first.commit === null && first.label === label) return null;
  const name = first.commit === null ? first.label : <code className="font-mono">{first.commit.slice(0, 7)}</code>;
  return (
    <>
      {' · since '}
      {first.label === label ? (
        name
      ) : (
        <Link href={first.url} className="relative underline" title={first.label}>
          {name}
        </Link>
      )}
    </>
  );
}

/** Runs of mine, with how long they take. */
export function MyRows({ runs }: { runs: readonly InboxRun[] }) {
  return (
    <ul aria-label="My runs of the last 24 hours">
      {runs.map((run) => (
        <RunRow
          key={run.id}
          run={run}
          reason={describeRun(run)}
          age={
            run.durationMs === null ? (
              <Age at={run.endedAt ?? run.createdAt} />
            ) : run.endedAt === null ? (
              <Elapsed from={run.createdAt} to={null} />
            ) : (
              <Took ms={run.durationMs} />
            )
          }
        />
      ))}
    </ul>
  );
}

function RunRow({ run, reason, age }: { run: InboxRun; reason: ReactNode; age: ReactNode }) {
  return (
    <Row
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
          {reason}
        </>
      }
      age={age}
      action={<ActionButton action={rerunFound} subject={run} variant="secondary" size="dense" />}
    />
  );
}
