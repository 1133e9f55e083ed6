import { useMemo } from 'react';
import type { RunObject, StageObject } from '#core/rest.ts';
import { GraphView } from '../../../graph/view/graph-view.tsx';
import type { RunPlace } from '../run-address.ts';
import { useGenerators } from '../use-plan.ts';
import { toGraphStage } from './to-graph-stage.ts';

/** The graph of a run; a node opens its stage. */
export default function GraphPanel(props: {
  run: RunObject;
  stages: readonly StageObject[];
  place: RunPlace;
  now: number;
}) {
  const { run, stages, place, now } = props;
  const generators = useGenerators(run.id);
  const nodes = useMemo(
    () => stages.map((stage) => toGraphStage(stage, generators.get(stage.name))),
    [stages, generators],
  );
  return (
    <GraphView
      stages={nodes}
      now={now}
      selected={place.stage}
      onOpen={(name) => place.go({ stage: name, view: 'log', tab: null, attempt: null })}
    />
  );
}
