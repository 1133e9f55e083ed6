import { ChevronDown, ScrollText } from 'lucide-react';
import { useState } from 'react';
import type { RunObject, StageObject } from '#core/rest.ts';
import { ActionButton } from '../../../actions/action-button.tsx';
import { rerunFrom } from '../../../actions/run.ts';
import { openShell } from '../../../actions/shell.ts';
import { retryStage } from '../../../actions/stage.ts';
import { StatusBadge } from '../../../ui/badge.tsx';
import { ButtonLink } from '../../../ui/button.tsx';
import { StatusIcon } from '../../../ui/status-icon.tsx';
import type { RunPlace } from '../run-address.ts';
import { stateOfStage } from '../stage/stage-words.ts';
import { usePlan } from '../use-plan.ts';
import { explainFailure } from './explain-failure.ts';
import { FailureExcerpt } from './failure-excerpt.tsx';
import { type Failure, listFailures } from './list-failures.ts';
import { ServiceLines } from './service-lines.tsx';

interface FailureCardProps {
  run: RunObject;
  stages: readonly StageObject[];
  place: RunPlace;
  now: number;
}

/**
 * Why a run is red, above everything else: the first failure open, the others a line each. A failure that happens while
 * somebody looks takes the place that was kept for it, one line, so that nothing they read moves (UI §1.3).
 */
export function FailureCard({ run, stages, place, now }: FailureCardProps) {
  const failures = listFailures(stages);
  const [wasOpen] = useState(run.status.kind !== 'ended');
  const [isFolded, setFolded] = useState(failures.length === 0);
  const [opened, setOpened] = useState<string | null>(null);
  const shown = failures.find(({ stage }) => stage.name === opened) ?? failures[0];
  if (!shown) return wasOpen ? <NoFailure isOpen={run.status.kind !== 'ended'} /> : null;
  if (isFolded) return <FoldedFailure failures={failures} now={now} onOpen={() => setFolded(false)} />;
  // Who has opened a stage reads its log: the card leaves it the room.
  const isCompact = place.stage !== null || place.tab !== null || place.view !== 'log';
  const others = failures.filter((failure) => failure !== shown);
  return (
    <section
      aria-label="What failed"
      data-hue={hueOf(shown)}
      className="min-w-0 shrink-0 overflow-hidden rounded-8 border border-hue bg-raised"
    >
      <FailureHead {...{ run, stages, place, now, isCompact }} failure={shown} />
      {isCompact ? null : <FailureBody {...{ run, place }} failure={shown} />}
      {others.length > 0 && !isCompact ? (
        <ul aria-label="Also failed" className="border-t border-subtle py-1">
          {others.map(({ stage, attempt }) => (
            <li key={stage.id}>
              <button
                type="button"
                onClick={() => setOpened(stage.name)}
                className="flex min-h-7 w-full items-center gap-2 px-3 text-left text-13 hover:bg-hover"
              >
                <StatusIcon state={stateOfStage(stage, now)} label="" />
                <span className="font-medium">{stage.name}</span>
                <span className="truncate text-2">{attempt?.reason?.message ?? stage.reason?.message ?? ''}</span>
              </button>
            </li>
          ))}
        </ul>
      ) : null}
    </section>
  );
}

const STRIP = 'flex h-9 shrink-0 items-center gap-2 rounded-8 border px-3 text-13';

/** The place of a failure that has not happened. */
function NoFailure({ isOpen }: { isOpen: boolean }) {
  return (
    <p className={`${STRIP} border-subtle text-3`}>{isOpen ? 'Nothing has failed so far' : 'Nothing has failed'}</p>
  );
}

function FoldedFailure(props: { failures: readonly Failure[]; now: number; onOpen(): void }) {
  const { failures, now, onOpen } = props;
  const [first] = failures;
  if (!first) return null;
  const { stage, attempt } = first;
  const more = failures.length > 1 ? ` · ${failures.length - 1} more` : '';
  return (
    <section aria-label="What failed" data-hue={hueOf(first)} className={`${STRIP} border-hue bg-raised p-0`}>
      <button
        type="button"
        aria-expanded={false}
        onClick={onOpen}
        className="flex h-full w-full min-w-0 items-center gap-2 px-3 text-left -outline-offset-2 hover:bg-hover"
      >
        <StatusIcon state={stateOfStage(stage, now)} label="" />
        <span className="truncate font-medium">{stage.name}</span>
        <span className="min-w-0 flex-1 truncate text-2">
          {attempt?.reason?.message ?? stage.reason?.message ?? ''}
          {more}
        </span>
        <ChevronDown size={16} aria-hidden className="shrink-0 text-3" />
      </button>
    </section>
  );
}

function hueOf({ stage: { status } }: Failure): 'fault' | 'error' {
  return status.kind === 'ended' && status.ending === 'errored' ? 'fault' : 'error';
}

function FailureHead(props: FailureCardProps & { failure: Failure; isCompact: boolean }) {
  const { run, stages, place, now, failure, isCompact } = props;
  const { stage } = failure;
  const { data: plan } = usePlan(run.id);
  const words = explainFailure(failure, plan);
  const facts = [words.exit, words.reason, words.step, words.place, words.retry].filter((fact) => fact !== null);
  return (
    <header className="flex flex-wrap items-center gap-x-3 gap-y-1 px-3 py-2">
      <h2 className="flex min-w-0 items-center gap-2 text-14 font-semibold">
        <StatusBadge state={stateOfStage(stage, now)} />
        <span className="truncate">{stage.name}</span>
      </h2>
      <span className="ml-auto flex flex-wrap items-center gap-2">
        {run.status.kind === 'ended' ? (
          <ActionButton action={rerunFrom} subject={{ id: run.id, run, stages, from: stage.name }} size="dense" />
        ) : (
          <ActionButton action={retryStage} subject={{ id: stage.id, run, stage }} size="dense" />
        )}
        <ActionButton action={openShell} subject={{ id: stage.id, run, stage }} size="dense" />
        {stage.kind === 'stage' && place.stage !== stage.name ? (
          <ButtonLink href={place.hrefOf({ stage: stage.name, view: 'log', tab: null })} size="dense" icon={ScrollText}>
            Open log
          </ButtonLink>
        ) : null}
      </span>
      {facts.length > 0 ? <p className="w-full text-13 break-words text-2">{facts.join(' · ')}</p> : null}
      {words.fault === null ? null : <FaultWords fault={words.fault} />}
      {words.service === null || isCompact ? null : <ServiceLines {...words.service} />}
    </header>
  );
}

/** An error of the platform: not the user's code. */
function FaultWords({ fault }: { fault: NonNullable<ReturnType<typeof explainFailure>['fault']> }) {
  return (
    <p className="w-full text-13 text-1">
      Not your code: {fault.message} <code className="font-mono text-12 text-2">{fault.code}</code>
      {fault.cause === null ? null : <span className="block text-2">Cause: {fault.cause}</span>}
      {fault.fix === null ? null : <span className="block text-2">What helps: {fault.fix}</span>}
    </p>
  );
}

function FailureBody({ run, place, failure }: { run: RunObject; place: RunPlace; failure: Failure }) {
  const { stage, attempt } = failure;
  if (attempt === null) return null;
  const { lines } = attempt.log;
  const href = place.hrefOf({ stage: stage.name, view: 'log', tab: null, attempt: null });
  return (
    <div className="border-t border-subtle bg-base">
      <FailureExcerpt
        key={`${stage.name} ${attempt.attempt}`}
        runId={run.id}
        stage={stage.name}
        attempt={attempt.attempt}
        lines={lines}
        hrefOf={(line) => `${href}#L${line}`}
      />
    </div>
  );
}
