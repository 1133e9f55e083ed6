import { useMemo } from 'react';
import type { StageObject } from '#core/rest.ts';
import { GraphView } from '../../../graph/view/graph-view.tsx';
import type { RunPlace } from '../run-address.ts';
import { toGraphStage } from './to-graph-stage.ts';

/** The graph of a run; a node opens its stage. */
export default function GraphPanel(props: { stages: readonly StageObject[]; place: RunPlace; now: number }) {
  const { stages, place, now } = props;
  const nodes = useMemo(() => stages.map(toGraphStage), [stages]);
  return (
    <GraphView
      stages={nodes}
      now={now}
      selected={place.stage}
      onOpen={(name) => place.go({ stage: name, view: 'log', tab: null, attempt: null })}
    />
  );
}
