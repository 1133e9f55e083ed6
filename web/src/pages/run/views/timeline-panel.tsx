import type { GateObject, RunObject, StageObject } from '#core/rest.ts';
import { TimelineView } from '../../../timeline/timeline-view.tsx';
import { InlineProblem } from '../../../ui/error-state.tsx';
import type { RunPlace } from '../run-address.ts';
import { useTimeline } from '../use-timeline.ts';

interface TimelinePanelProps {
  run: RunObject;
  stages: readonly StageObject[];
  gates: readonly GateObject[];
  place: RunPlace;
  now: number;
}

/** The timeline of a run; a row opens its stage. */
export default function TimelinePanel({ run, stages, gates, place, now }: TimelinePanelProps) {
  const { data, error, refetch } = useTimeline(run.id, stages);
  return (
    <div className="flex h-full min-h-0 flex-col">
      {error ? <InlineProblem problem={error} onRetry={() => void refetch()} /> : null}
      <div className="min-h-0 flex-1">
        <TimelineView
          {...{ run, stages, gates, now }}
          spans={data?.spans ?? []}
          selected={place.stage}
          onOpen={(stage, attempt) => place.go({ stage, attempt, view: 'log', tab: null })}
        />
      </div>
    </div>
  );
}
