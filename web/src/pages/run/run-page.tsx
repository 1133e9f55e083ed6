import { useEffect, useMemo, useState } from 'react';
import { useLocation } from 'wouter';
import type { GateObject, RunObject, StageObject } from '#core/rest.ts';
import { NotFound } from '../../app/not-found.tsx';
import { usePageHead } from '../../app/page.ts';
import { type Place, useWorkspace } from '../../app/place.ts';
import { problemOf } from '../../ui/describe-failure.ts';
import { ErrorState, InlineProblem } from '../../ui/error-state.tsx';
import { useNow } from '../../ui/moment.tsx';
import { stateOf } from '../../ui/state.ts';
import { Announcer } from './announcer.tsx';
import { Centre } from './centre.tsx';
import { chooseStage } from './choose-stage.ts';
import { FailureCard } from './failure/failure-card.tsx';
import { RunHead } from './head/run-head.tsx';
import { type RunPlace, useRunPlace } from './run-address.ts';
import { RunSkeleton } from './run-skeleton.tsx';
import { showGates } from './show-gates.ts';
import { Splitter, useListWidth } from './splitter.tsx';
import { StageTree } from './tree/stage-tree.tsx';
import { useLiveRun } from './use-live-run.ts';
import { useGenerators, useGrowth } from './use-plan.ts';
import { useRunKeys } from './use-run-keys.tsx';
import { WhyDrawer } from './why-drawer.tsx';

/** A run: how it stands, why, and all that belongs to it (UI §4.4). */
export default function RunPage() {
  const workspace = useWorkspace();
  const place = useRunPlace(workspace.base);
  const { run, stages: read, gates, error, retry } = useLiveRun(workspace.path, place.pipeline, place.number);
  const stages = useMemo(() => read && gates && showGates(read, gates), [read, gates]);
  if (problemOf(error)?.status === 404 && !run) return <NotFound what={`run ${place.number} of ${place.pipeline}`} />;
  if (run && stages && gates) {
    const refused = error ? <InlineProblem problem={error} onRetry={retry} /> : null;
    return <LoadedRun key={run.id} {...{ run, stages, gates, place, workspace, refused }} />;
  }
  if (error) return <ErrorState what="The run could not be read" problem={error} onRetry={retry} />;
  return <RunSkeleton title={`#${place.number}`} stages={read?.length ?? null} />;
}

interface LoadedRunProps {
  run: RunObject;
  stages: readonly StageObject[];
  gates: readonly GateObject[];
  place: RunPlace;
  workspace: Place;
  /** That what is shown may be old. */
  refused: React.ReactNode;
}

function LoadedRun({ run, stages, gates, place, workspace, refused }: LoadedRunProps) {
  const now = useNow(run.endedAt);
  const [isWhy, setWhy] = useState(false);
  const [width, setWidth] = useListWidth();
  const stage = chooseStage(stages, gates, place.stage);
  const gate = gates.find(({ name, status }) => name === stage?.name && status.kind !== 'ended') ?? null;
  const number = `#${run.number}${run.attempt > 1 ? `.${run.attempt}` : ''}`;
  usePageHead({
    title: number,
    area: run.pipeline.name,
    link: place.hrefOf({ number: `${run.number}.${run.attempt}` }),
    state: stateOf(run.status, 'run', now),
    crumbs: [
      { label: 'Pipelines', href: `${workspace.base}/pipelines` },
      { label: run.pipeline.name, href: `${workspace.base}/pipelines/${encodeURIComponent(place.pipeline)}` },
    ],
  });
  useExplicitAttempt(run, place);
  useGrowth(run.id, stages.length);
  const generators = useGenerators(run.id);
  const onWhy = () => setWhy(true);
  useRunKeys({ run, stages, gate, stage, onWhy });
  return (
    <div className="flex h-full flex-col gap-3 p-4 max-lg:h-auto max-sm:p-3">
      {refused}
      <RunHead run={run} stages={stages} now={now} />
      <FailureCard {...{ run, stages, place, now }} />
      <div className="flex min-h-120 flex-1 overflow-hidden rounded-8 border border-subtle max-lg:flex-none max-lg:flex-col">
        <div
          className="min-h-0 shrink-0 overflow-y-auto bg-raised max-lg:!w-full max-lg:max-h-72 max-lg:border-b max-lg:border-subtle"
          style={{ width }}
        >
          <StageTree
            stages={stages}
            generators={generators}
            now={now}
            selected={stage?.name ?? null}
            onOpen={(name) => place.go({ stage: name, view: 'log', tab: null, attempt: null })}
          />
        </div>
        <Splitter width={width} onWidth={setWidth} />
        <Centre {...{ run, stages, gates, stage, place, now, onWhy }} />
      </div>
      {isWhy && stage ? <WhyDrawer {...{ run, stage, place, now }} onClose={() => setWhy(false)} /> : null}
      <Announcer stages={stages} now={now} />
    </div>
  );
}

/** `142` is the last attempt now and another one later: the address says which is shown, so that its link stays true. */
function useExplicitAttempt(run: RunObject, place: RunPlace): void {
  const [, navigate] = useLocation();
  const explicit = `${run.number}.${run.attempt}`;
  const isVague = run.attempt > 1 && place.number !== explicit;
  const href = place.hrefOf({ number: explicit });
  useEffect(() => {
    if (isVague) navigate(`${href}${location.hash}`, { replace: true });
  }, [isVague, href]);
}
