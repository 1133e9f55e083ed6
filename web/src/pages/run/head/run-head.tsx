import { GitBranch, GitCommitHorizontal, UserRound, Workflow } from 'lucide-react';
import type { ReactNode } from 'react';
import { Link } from 'wouter';
import { nameOfAuthor } from '#core/commit.ts';
import { formatDuration } from '#core/duration.ts';
import type { RunObject, StageObject } from '#core/rest.ts';
import { ActionButton, ActionMenu } from '../../../actions/action-button.tsx';
import { cancelRun, extendRun, forceStopRun, pauseRun, rerunRun, resumeRun } from '../../../actions/run.ts';
import { describeCause } from '../../../data/describe-cause.ts';
import { StatusBadge } from '../../../ui/badge.tsx';
import { Age } from '../../../ui/moment.tsx';
import { stateOf } from '../../../ui/state.ts';
import { ReasonText } from '../reason-text.tsx';
import { formatSeconds } from '../stage/stage-words.ts';
import { AttemptSwitch } from './attempt-switch.tsx';
import { compareWithPassed, compareWithPrevious } from './compare-actions.ts';
import { Estimate } from './estimate.tsx';
import { measureRun } from './measure-run.ts';

interface RunHeadProps {
  run: RunObject;
  stages: readonly StageObject[];
  /** The server's time, ms. */
  now: number;
}

/** What a run is, how it stands, and what can be done to it. */
export function RunHead({ run, stages, now }: RunHeadProps) {
  const subject = { id: run.id, run, stages };
  const { waitedMs, elapsedMs } = measureRun(run, stages, now);
  const isOpen = run.status.kind !== 'ended';
  const format = isOpen ? formatSeconds : formatDuration;
  return (
    <header className="flex min-w-0 flex-wrap items-start gap-x-4 gap-y-2">
      <div className="flex min-w-0 flex-1 basis-96 flex-col gap-1.5">
        <div className="flex min-h-8 flex-wrap items-center gap-x-3 gap-y-1">
          <StatusBadge state={stateOf(run.status, 'run', now)} />
          <AttemptSwitch run={run} />
          <span className="min-w-0 text-13 text-2">
            {describeCause(run)}, <Age at={run.createdAt} />
          </span>
        </div>
        {run.git?.subject ? (
          <p className="truncate text-14 font-medium text-1">
            <bdi>{run.git.subject}</bdi>
          </p>
        ) : null}
        <dl className="flex flex-wrap items-center gap-x-4 gap-y-1 text-13 text-2">
          {run.branch === null ? null : (
            <Fact icon={<GitBranch size={14} aria-hidden />} name="Branch">
              {run.branch}
            </Fact>
          )}
          {run.commit ? (
            <Fact icon={<GitCommitHorizontal size={14} aria-hidden />} name="Commit">
              <code className="font-mono text-12" title={run.commit}>
                {run.commit.slice(0, 7)}
              </code>
              {run.git?.author ? (
                <>
                  {' by '}
                  <bdi title={run.git.author}>{nameOfAuthor(run.git.author)}</bdi>
                </>
              ) : null}
              {run.git?.dirty ? ' with changes' : ''}
            </Fact>
          ) : null}
          {run.parent ? (
            <Fact icon={<Workflow size={14} aria-hidden />} name="Started by">
              <Link href={`/r/${run.parent.run}`}>{run.parent.label}</Link> {run.parent.stage}
            </Fact>
          ) : null}
          {isOpen && run.gatesWaiting.length > 0 ? (
            <Fact icon={<UserRound size={14} aria-hidden />} name="Waits for">
              {run.gatesWaiting.join(', ')}
            </Fact>
          ) : null}
          <Fact name="Elapsed" isShown>
            {elapsedMs === null ? 'not started' : format(elapsedMs)}
          </Fact>
          <Fact name="Waited" isShown>
            {format(waitedMs)}
          </Fact>
          {isOpen && elapsedMs !== null ? <Estimate run={run} elapsedMs={elapsedMs} now={now} /> : null}
        </dl>
        <RunReason run={run} />
      </div>
      <div className="flex flex-wrap items-center gap-2">
        <ActionButton action={pauseRun} subject={subject} />
        <ActionButton action={resumeRun} subject={subject} />
        <ActionButton action={cancelRun} subject={subject} variant="secondary" />
        <ActionButton action={forceStopRun} subject={subject} />
        {isOpen ? null : <ActionButton action={rerunRun} subject={subject} variant="primary" />}
        <ActionMenu
          label="More actions of the run"
          size="normal"
          actions={[extendRun, compareWithPrevious, compareWithPassed]}
          subject={subject}
        />
      </div>
    </header>
  );
}

/** Why it ended or stands still, when somebody or something else than its stages decided that. */
function RunReason({ run }: { run: RunObject }) {
  const { status } = run;
  const reason = 'reason' in status ? status.reason : null;
  const isTold = reason && ['ended', 'paused', 'waiting', 'queued'].includes(status.kind);
  const notices = run.notices;
  return (
    <>
      {isTold ? (
        <div className="text-13 text-1">
          <ReasonText reason={reason} />
        </div>
      ) : null}
      {notices.length > 0 ? (
        <details className="text-12 text-2">
          <summary>
            {notices.length} {notices.length === 1 ? 'notice' : 'notices'}
          </summary>
          <ul className="list-disc pl-4">
            {notices.map((notice) => (
              <li key={notice}>{notice}</li>
            ))}
          </ul>
        </details>
      ) : null}
    </>
  );
}

function Fact(props: { icon?: ReactNode; name: string; isShown?: boolean; children: ReactNode }) {
  const { icon, name, isShown = false, children } = props;
  return (
    <div className="flex min-w-0 items-center gap-1.5">
      <dt className={isShown ? 'text-3' : 'flex items-center'}>
        {icon}
        <span className={isShown ? '' : 'sr-only'}>{name}</span>
      </dt>
      <dd className="tabular min-w-0 truncate text-1">{children}</dd>
    </div>
  );
}
