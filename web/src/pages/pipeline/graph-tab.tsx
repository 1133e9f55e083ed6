import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { useLocation } from 'wouter';
import type { PipelineGraph, PipelineWithText } from '#core/rest-pipelines.ts';
import type { Page, StageObject } from '#core/rest.ts';
import { get } from '../../data/http.ts';
import { GraphView } from '../../graph/view/graph-view.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { ErrorState } from '../../ui/error-state.tsx';
import { useNow } from '../../ui/moment.tsx';
import { SkeletonRows } from '../../ui/skeleton.tsx';
import { toGraphStages } from './to-graph-stages.ts';

/** The graph of the present text, also before the first run; with one, how each stage of the last run stands. */
export default function PipelineGraphTab({ pipeline, href }: { pipeline: PipelineWithText; href: string }) {
  const now = useNow();
  const [, goTo] = useLocation();
  const graph = useQuery({
    queryKey: ['pipeline-graph', pipeline.id, pipeline.version],
    queryFn: ({ signal }) => get<PipelineGraph>(`pipelines/${pipeline.id}/graph`, {}, signal),
    enabled: pipeline.text !== null,
  });
  const last = pipeline.lastRun;
  const stages = useQuery({
    queryKey: ['run-stages', last?.id, last?.status.kind],
    queryFn: async ({ signal }) => (await get<Page<StageObject>>(`runs/${last?.id}/stages`, {}, signal)).items,
    enabled: last !== null,
  });
  const shown = useMemo(() => graph.data && toGraphStages(graph.data, stages.data ?? []), [graph.data, stages.data]);
  if (pipeline.text === null) {
    return <EmptyState title="Its text is a file: the graph is that of its runs" />;
  }
  if (graph.error)
    return <ErrorState what="The graph could not be made" problem={graph.error} onRetry={() => void graph.refetch()} />;
  if (!shown) return <SkeletonRows rows={8} />;
  return (
    <div className="h-160 min-h-0 pt-4">
      <GraphView
        stages={shown}
        now={now}
        selected={null}
        onOpen={(name) => {
          if (last)
            goTo(
              `${href}/runs/${last.number}${last.attempt > 1 ? `.${last.attempt}` : ''}/stages/${encodeURIComponent(name)}`,
            );
        }}
      />
    </div>
  );
}
