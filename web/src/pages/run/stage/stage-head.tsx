import { CircleHelp } from 'lucide-react';
import type { ReactNode } from 'react';
import { Link } from 'wouter';
import { formatDuration } from '#core/duration.ts';
import type { StagePlan } from '#core/plan.ts';
import type { AttemptObject, RunObject, StageObject } from '#core/rest.ts';
import { ActionButton, ActionMenu } from '../../../actions/action-button.tsx';
import { rerunFrom } from '../../../actions/run.ts';
import { openShell } from '../../../actions/shell.ts';
import { retryStage, STAGE_ACTIONS } from '../../../actions/stage.ts';
import { Badge, StatusBadge } from '../../../ui/badge.tsx';
import { Button } from '../../../ui/button.tsx';
import { CopyText } from '../../../ui/copy-text.tsx';
import { formatDigest } from '../../../ui/format-digest.ts';
import { ReasonText } from '../reason-text.tsx';
import type { RunPlace } from '../run-address.ts';
import { findStagePlan, usePlan } from '../use-plan.ts';
import { describeCache, describeImage, describeLimits } from './stage-facts.ts';
import { explainExit, formatSeconds, isHeld, measureStage, reasonOf, stateOfStage } from './stage-words.ts';

interface StageHeadProps {
  run: RunObject;
  stages: readonly StageObject[];
  stage: StageObject;
  place: RunPlace;
  now: number;
  onWhy(): void;
}

/** What the open stage is and how it stands. */
export function StageHead({ run, stages, stage, place, now, onWhy }: StageHeadProps) {
  const { data: plan } = usePlan(run.id);
  const node = findStagePlan(plan, stage.name);
  const attempt = stage.attempts.find((one) => one.attempt === place.attempt) ?? stage.attempts.at(-1) ?? null;
  const took = measureStage(stage, now);
  const isOpen = stage.status.kind !== 'ended';
  const reason = reasonOf(stage);
  const subject = { id: stage.id, run, stage };
  return (
    <div className="flex min-w-0 flex-col gap-1 border-b border-subtle px-3 py-2">
      <div className="flex min-h-7 min-w-0 flex-wrap items-center gap-2">
        <h2 className="min-w-0 truncate text-14 font-semibold">{stage.name}</h2>
        <StatusBadge state={stateOfStage(stage, now)} />
        {stage.carriedFrom === null ? null : <Badge>result of {stage.carriedFrom}</Badge>}
        {stage.attempts.length > 1 ? <Attempts stage={stage} place={place} shown={attempt?.attempt ?? 0} /> : null}
        <span className="ml-auto flex items-center gap-1">
          <Button size="dense" variant="ghost" icon={CircleHelp} kbd="w" onClick={onWhy}>
            Why
          </Button>
          <ActionButton action={retryStage} subject={subject} size="dense" />
          {run.status.kind === 'ended' && stage.kind === 'stage' ? (
            <ActionButton
              action={rerunFrom}
              subject={{ id: run.id, run, stages, from: stage.name }}
              size="dense"
              variant="ghost"
            />
          ) : null}
          <ActionMenu
            label={`More actions of ${stage.name}`}
            actions={[...STAGE_ACTIONS, openShell]}
            subject={subject}
          />
        </span>
      </div>
      <dl className="flex min-w-0 flex-wrap items-center gap-x-4 gap-y-0.5 text-12">
        {took === null ? null : <Fact name="Took">{isOpen ? formatSeconds(took) : formatDuration(took)}</Fact>}
        {attempt?.exitCode === null || attempt?.exitCode === undefined ? null : (
          <Fact name="Exit">
            {[attempt.exitCode, explainExit(attempt.exitCode)].filter((part) => part !== null).join(', ')}
          </Fact>
        )}
        {stage.child ? (
          <Fact name="Run">
            <Link href={`/r/${stage.child.run}`}>{stage.child.label}</Link>
          </Fact>
        ) : null}
        {node ? <PlanFacts node={node} attempt={attempt} /> : null}
        {attempt?.runner ? <Fact name="Runner">{attempt.runner}</Fact> : null}
        {stage.extendedMs > 0 ? <Fact name="Extended by">{formatDuration(stage.extendedMs)}</Fact> : null}
        {attempt?.caches.map((cache) => (
          <Fact key={cache.name} name={`Cache ${cache.name}`}>
            {describeCache(cache)}, <code className="font-mono">{cache.entry?.key ?? cache.key}</code>
          </Fact>
        ))}
        {attempt?.tests ? (
          <Fact name="Tests">
            <Link href={place.hrefOf({ tab: 'tests' })}>
              {attempt.tests.passed} passed, {attempt.tests.failed} failed
            </Link>
          </Fact>
        ) : null}
      </dl>
      {reason === null ? null : (
        <div className="min-w-0 text-12 break-words text-2">
          <ReasonText reason={reason} />
        </div>
      )}
      {isHeld(stage) ? <CopyText text={`buildit shell ${run.label} '${stage.name}'`} /> : null}
    </div>
  );
}

function PlanFacts({ node, attempt }: { node: StagePlan; attempt: AttemptObject | null }) {
  const image = describeImage(node);
  const limits = describeLimits(node);
  const generator = node.generatedBy === node.stage ? undefined : node.generatedBy;
  // What a run of another pipeline does is that one's own.
  if (node.child) return <Fact name="Pipeline">{node.child.name}</Fact>;
  return (
    <>
      {generator === undefined ? null : <Fact name="Generated by">{generator}</Fact>}
      <Fact name={image === null ? 'Runs as' : 'Image'}>
        {image ?? node.executor}
        <Digest of={attempt?.image} />
      </Fact>
      {(node.services ?? []).map((service) => (
        <Fact key={service.name} name={`Service ${service.name}`}>
          {describeImage(service)}
          <Digest of={attempt?.serviceImages[service.name]} />
        </Fact>
      ))}
      {image === null ? null : <Fact name="Executor">{node.executor}</Fact>}
      {node.runsOn ? <Fact name="Runs on">{node.runsOn.join(', ')}</Fact> : null}
      {node.environment ? <Fact name="Environment">{node.environment}</Fact> : null}
      {limits === '' ? null : <Fact name="Limits">{limits}</Fact>}
    </>
  );
}

/** Of an image, once it is known. */
function Digest({ of: digest }: { of: string | null | undefined }) {
  if (!digest) return null;
  return (
    <code className="ml-1 font-mono text-2" title={digest}>
      {formatDigest(digest)}
    </code>
  );
}

function Attempts({ stage, place, shown }: { stage: StageObject; place: RunPlace; shown: number }) {
  return (
    <nav aria-label="Attempts of the stage" className="flex items-center gap-1">
      {stage.attempts.map(({ attempt }) => (
        <Link
          key={attempt}
          href={place.hrefOf({ attempt, view: 'log', tab: null })}
          aria-label={`Attempt ${attempt}`}
          aria-current={attempt === shown ? 'true' : undefined}
          className="tabular inline-flex size-6 items-center justify-center rounded-6 border border-subtle text-12 text-2 no-underline hover:bg-hover aria-[current]:border-accent aria-[current]:text-1"
        >
          {attempt}
        </Link>
      ))}
    </nav>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className="flex min-w-0 items-center gap-1.5">
      <dt className="text-3">{name}</dt>
      <dd className="tabular min-w-0 truncate text-1">{children}</dd>
    </div>
  );
}
