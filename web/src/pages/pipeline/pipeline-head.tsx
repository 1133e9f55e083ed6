import { Link } from 'wouter';
import type { PipelineWithText, RunSummary } from '#core/rest-pipelines.ts';
import { ActionButton, ActionMenu } from '../../actions/action-button.tsx';
import {
  editPipeline,
  openPipelineSettings,
  PIPELINE_ACTIONS,
  triggerPipeline,
  type PipelineSubject,
} from '../../actions/pipeline.ts';
import { Badge, StatusBadge } from '../../ui/badge.tsx';
import { Age, serverNow, Took } from '../../ui/moment.tsx';
import { stateOf } from '../../ui/state.ts';
import { measurePipeline } from '../pipelines/statistics.ts';
import { useStatistics } from './use-statistics.ts';

/** Flaky stages that are named; of the others there is the count. */
const MOST_FLAKY = 3;

/** How the pipeline stands and fares, in figures of its last 30 runs, and what can be done (UI §4.3). */
export function PipelineHead({ pipeline, subject }: { pipeline: PipelineWithText; subject: PipelineSubject }) {
  const { count, passedPercent, medianMs, p95Ms, open } = measurePipeline(pipeline.recentRuns);
  return (
    <header className="flex flex-col gap-2">
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
        <Standing pipeline={pipeline} href={subject.href} />
        {pipeline.origin === 'sample' ? <Badge>Sample</Badge> : null}
        {pipeline.enabled ? null : <Badge>Disabled</Badge>}
        <span className="flex-1" />
        <span className="flex flex-wrap items-center gap-2">
          <ActionButton action={editPipeline} subject={subject} />
          <ActionButton action={openPipelineSettings} subject={subject} />
          <ActionButton action={triggerPipeline} subject={subject} variant="primary" />
          <ActionMenu
            label={`Actions of ${pipeline.name}`}
            actions={PIPELINE_ACTIONS}
            subject={subject}
            size="normal"
          />
        </span>
      </div>
      {pipeline.description ? <p className="text-13 break-words text-1">{pipeline.description}</p> : null}
      {/* One line wherever there is room: a figure that comes or goes moves nothing below. */}
      <div className="flex min-h-5 flex-wrap items-center gap-x-4 gap-y-1 text-13 text-2 sm:h-5 sm:flex-nowrap sm:overflow-hidden sm:whitespace-nowrap">
        {medianMs === null || p95Ms === null ? null : (
          <>
            <span title="Half of the last 30 ended runs took no longer">
              p50 <Took ms={medianMs} />
            </span>
            <span title="95 of 100 of the last 30 ended runs took no longer">
              p95 <Took ms={p95Ms} />
            </span>
          </>
        )}
        {passedPercent === null ? null : (
          <span title="Of the last 30 runs, those that passed or failed">
            {passedPercent} % of {count} passed
          </span>
        )}
        {open > 0 ? <span>{open} open</span> : null}
        <Elsewhere pipeline={pipeline} href={subject.href} />
        {pipeline.repository ? <bdi>{pipeline.repository}</bdi> : null}
        {pipeline.defaultBranch ? <span>default branch {pipeline.defaultBranch}</span> : null}
        {pipeline.file ? (
          <span className="font-mono text-12 break-all">{pipeline.file}</span>
        ) : (
          <Link href={`${subject.href}/settings/general#versions`} className="-outline-offset-2">
            version {pipeline.version}
          </Link>
        )}
        <FlakyStages pipeline={pipeline} />
      </div>
    </header>
  );
}

/** Of the default branch; where nobody said which one that is, of the last run with its branch. */
function Standing({ pipeline: { defaultBranch, defaultRun, lastRun }, href }: Placed) {
  if (defaultRun) return <RunState run={defaultRun} href={href} />;
  return <Badge>{lastRun ? `No run on ${defaultBranch}` : 'Never ran'}</Badge>;
}

/** The last run, where it is of another branch than the default one. */
function Elsewhere({ pipeline: { defaultRun, lastRun }, href }: Placed) {
  if (!lastRun || lastRun.id === defaultRun?.id) return null;
  return <RunState run={lastRun} href={href} name="last run" />;
}

interface Placed {
  pipeline: PipelineWithText;
  href: string;
}

function RunState({ run, href, name = 'run' }: { run: RunSummary; href: string; name?: string }) {
  const { status, number, attempt, branch, createdAt } = run;
  return (
    <span className="flex flex-wrap items-center gap-2 text-13 text-2">
      <StatusBadge state={stateOf(status, 'run', serverNow())} />
      <span>
        <Link href={`${href}/runs/${number}${attempt > 1 ? `.${attempt}` : ''}`} className="underline">
          {name} {number}
        </Link>
        {branch === null ? null : (
          <>
            {' on '}
            <span className="font-mono text-12 break-all">{branch}</span>
          </>
        )}
        {', '}
        <Age at={createdAt} />
      </span>
    </span>
  );
}

function FlakyStages({ pipeline }: { pipeline: PipelineWithText }) {
  const { data } = useStatistics(pipeline);
  if (!data || data.flaky.length === 0) return null;
  const rest = data.flaky.length - MOST_FLAKY;
  return (
    <p className="flex min-w-0 items-center gap-1.5 max-sm:flex-wrap">
      Flaky:
      {data.flaky.slice(0, MOST_FLAKY).map(({ name, times }) => (
        <Badge
          key={name}
          hue="warning"
          title={`In ${data.runs} runs it passed and failed on the same commit and plan ${times} ${times === 1 ? 'time' : 'times'}`}
        >
          {name} ×{times}
        </Badge>
      ))}
      {rest > 0 ? <span>and {rest} more</span> : null}
    </p>
  );
}
