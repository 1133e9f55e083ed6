import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { Link, useLocation } from 'wouter';
import type { PipelineWithText, RunSummary } from '#core/rest-pipelines.ts';
import type { Page, StageObject } from '#core/rest.ts';
import { get } from '../../data/http.ts';
import { GraphView } from '../../graph/view/graph-view.tsx';
import { problemOf } from '../../ui/describe-failure.ts';
import { EmptyState } from '../../ui/empty-state.tsx';
import { ErrorState } from '../../ui/error-state.tsx';
import { useNow } from '../../ui/moment.tsx';
import { SkeletonRows } from '../../ui/skeleton.tsx';
import { StageTable } from './stage-table.tsx';
import { graphOfRun, toGraphStages } from './to-graph-stages.ts';
import { usePipelineGraph } from './use-pipeline-graph.ts';
import { useStatistics } from './use-statistics.ts';

const REFRESH_MS = 5_000;

/**
 * The graph of the present text, also before the first run, and the same as a table. With a run: how each stage of the
 * last one stands, and how long it usually takes. While the text has errors, or is a file, that of the last run. The last
 * run is that of the default branch, where there is one.
 */
export default function PipelineGraphTab({ pipeline, href }: { pipeline: PipelineWithText; href: string }) {
  const now = useNow();
  const [, goTo] = useLocation();
  const graph = usePipelineGraph(pipeline);
  const last = pipeline.defaultRun ?? pipeline.lastRun;
  const stages = useQuery({
    queryKey: ['run-stages', last?.id, last?.status.kind],
    queryFn: async ({ signal }) => (await get<Page<StageObject>>(`runs/${last?.id}/stages`, {}, signal)).items,
    enabled: last !== null,
    placeholderData: (old, before) => (before?.queryKey[1] === last?.id ? old : undefined),
    // No older than a heartbeat may be: this page does not follow the run itself.
    refetchInterval: last !== null && last.status.kind !== 'ended' ? REFRESH_MS : false,
  });
  const statistics = useStatistics(pipeline);
  const isInvalid = problemOf(graph.error)?.code === 'pipeline-invalid';
  const isOfRun = pipeline.text === null || isInvalid;
  const shown = useMemo(() => {
    const ran = stages.data ?? [];
    const usual = new Map(statistics.data?.stages.map(({ name, p50Ms }) => [name, p50Ms]));
    if (isOfRun) return ran.length === 0 ? null : toGraphStages(graphOfRun(ran), ran, usual);
    return graph.data ? toGraphStages(graph.data, ran, usual) : null;
  }, [graph.data, stages.data, statistics.data, isOfRun]);
  if (!shown) {
    if (graph.error && !isInvalid) {
      return (
        <ErrorState what="The graph could not be made" problem={graph.error} onRetry={() => void graph.refetch()} />
      );
    }
    if (!isOfRun || stages.isLoading) return <SkeletonRows rows={8} />;
    if (stages.error) {
      const { error, refetch } = stages;
      return <ErrorState what="The last run could not be loaded" problem={error} onRetry={() => void refetch()} />;
    }
    return (
      <EmptyState title={isInvalid ? 'The file has errors' : 'Its text is a file'}>
        Its graph is that of its last run, and it has not run yet.
      </EmptyState>
    );
  }
  const hrefOf = (name: string) => (last ? `${addressOf(href, last)}/stages/${encodeURIComponent(name)}` : null);
  return (
    <div className="flex flex-col gap-4 pt-4">
      {isInvalid && last ? <Stale href={href} last={last} /> : null}
      <div className={`h-160 min-h-0 ${isInvalid ? 'grayscale' : ''}`}>
        <GraphView
          stages={shown}
          now={now}
          selected={null}
          onOpen={(name) => {
            const to = hrefOf(name);
            if (to !== null) goTo(to);
          }}
        />
      </div>
      <StageTable stages={shown} now={now} last={last} hrefOf={hrefOf} />
    </div>
  );
}

function addressOf(href: string, { number, attempt }: RunSummary): string {
  return `${href}/runs/${number}${attempt > 1 ? `.${attempt}` : ''}`;
}

function Stale({ href, last }: { href: string; last: RunSummary }) {
  return (
    <p role="status" data-hue="warning" className="rounded-6 bg-hue-tint px-3 py-2 text-13 text-hue-text">
      The{' '}
      <Link href={`${href}?tab=file`} className="text-hue-text underline">
        file
      </Link>{' '}
      has errors: this is the graph of{' '}
      <Link href={addressOf(href, last)} className="text-hue-text underline">
        run {last.number}
      </Link>
      , the last one.
    </p>
  );
}
