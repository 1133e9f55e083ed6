import { useQueryClient } from '@tanstack/react-query';
import { ArrowLeftRight, ArrowRight } from 'lucide-react';
import { Link, useParams, useSearchParams } from 'wouter';
import type { ComparisonObject } from '#core/rest-compare.ts';
import type { RunObject } from '#core/rest.ts';
import { useKey } from '../../app/keys.ts';
import { NotFound } from '../../app/not-found.tsx';
import { usePageHead } from '../../app/page.ts';
import { useWorkspace } from '../../app/place.ts';
import { StatusBadge } from '../../ui/badge.tsx';
import { Button } from '../../ui/button.tsx';
import { describeFailure, problemOf } from '../../ui/describe-failure.ts';
import { EmptyState } from '../../ui/empty-state.tsx';
import { ErrorState } from '../../ui/error-state.tsx';
import { Age, useNow } from '../../ui/moment.tsx';
import { AfterAMoment, SkeletonRows } from '../../ui/skeleton.tsx';
import { stateOf } from '../../ui/state.ts';
import { showToast } from '../../ui/toast.tsx';
import { Apart } from './apart.tsx';
import { Caches } from './caches.tsx';
import { Endings, Images, Parameters, PlanDiff, Unpaired } from './differences.tsx';
import { Durations } from './durations.tsx';
import { TestChanges } from './test-changes.tsx';
import { runQuery, useComparison, useRunOf } from './use-comparison.ts';

/** What changed between two runs of a pipeline (UI §4.5). */
export default function ComparePage() {
  const workspace = useWorkspace();
  const { pipeline: encoded = '' } = useParams();
  const pipeline = decodeURIComponent(encoded);
  const [search, setSearch] = useSearchParams();
  const [baseNumber, headNumber] = [search.get('base') ?? '', search.get('head') ?? ''];
  const base = useRunOf(workspace.path, pipeline, baseNumber);
  const head = useRunOf(workspace.path, pipeline, headNumber);
  const comparison = useComparison(base.data, head.data);
  const crumb = `${workspace.base}/pipelines/${encodeURIComponent(pipeline)}`;
  usePageHead({
    title: `#${baseNumber} and #${headNumber}`,
    area: pipeline,
    crumbs: [
      { label: 'Pipelines', href: `${workspace.base}/pipelines` },
      { label: pipeline, href: crumb },
    ],
  });
  const set = (next: { base: string; head: string }) => setSearch(new URLSearchParams(next), { replace: true });
  const swap = () => set({ base: headNumber, head: baseNumber });
  const queries = useQueryClient();
  const move = (step: number) => {
    const number = String(Number.parseInt(headNumber, 10) + step);
    void queries.fetchQuery(runQuery(workspace.path, pipeline, number)).then(
      () => set({ base: baseNumber, head: number }),
      (error: unknown) =>
        showToast({
          kind: 'error',
          text:
            problemOf(error)?.status === 404
              ? `There is no run ${number} of ${pipeline}`
              : describeFailure(error).title,
        }),
    );
  };
  useKey({ keys: 's', label: 'Swap the runs', group: 'This page', run: swap });
  useKey({ keys: 'n', label: 'Newer run on the right', group: 'This page', run: () => move(1) });
  useKey({ keys: 'p', label: 'Older run on the right', group: 'This page', run: () => move(-1) });

  if (baseNumber === '' || headNumber === '') {
    return (
      <EmptyState icon={ArrowLeftRight} title="Two runs are compared">
        The address names them: ?base=141&head=142. A run's page has “Compare with previous run” in its menu.
      </EmptyState>
    );
  }
  const error = base.error ?? head.error ?? comparison.error;
  const missing = base.error ? baseNumber : headNumber;
  if (!comparison.data && problemOf(error)?.status === 404) return <NotFound what={`run ${missing} of ${pipeline}`} />;
  const retry = () => void Promise.all([base.refetch(), head.refetch(), comparison.refetch()]);
  if (error && !comparison.data)
    return <ErrorState what="The runs could not be compared" problem={error} onRetry={retry} />;
  if (!base.data || !head.data || !comparison.data) {
    return (
      <AfterAMoment>
        <SkeletonRows rows={12} />
      </AfterAMoment>
    );
  }
  return (
    <div className="flex flex-col gap-4 p-4">
      <Heads base={base.data} head={head.data} onSwap={swap} />
      <Differences comparison={comparison.data} base={base.data} head={head.data} />
    </div>
  );
}

function Heads({ base, head, onSwap }: { base: RunObject; head: RunObject; onSwap(): void }) {
  return (
    <div className="flex flex-wrap items-stretch gap-3">
      <RunCard run={base} name="Before" />
      <span className="flex items-center text-3 max-sm:hidden">
        <ArrowRight size={16} aria-hidden />
      </span>
      <RunCard run={head} name="After" />
      <span className="flex items-center">
        <Button size="dense" variant="ghost" icon={ArrowLeftRight} kbd="s" onClick={onSwap}>
          Swap
        </Button>
      </span>
    </div>
  );
}

function RunCard({ run, name }: { run: RunObject; name: string }) {
  const now = useNow();
  return (
    <div className="flex min-w-56 flex-1 flex-col gap-1 rounded-8 border border-subtle bg-raised px-4 py-3">
      <p className="text-12 text-3">{name}</p>
      <p className="flex flex-wrap items-center gap-2">
        <Link href={run.url} className="text-14 font-semibold">
          {run.label}
        </Link>
        <StatusBadge state={stateOf(run.status, 'run', now)} />
      </p>
      {run.git?.subject ? (
        <p className="truncate text-13 text-1">
          <bdi>{run.git.subject}</bdi>
        </p>
      ) : null}
      <p className="tabular text-12 text-2">
        {run.commit ? (
          <>
            <code className="font-mono">{run.commit.slice(0, 7)}</code> ·{' '}
          </>
        ) : null}
        {run.branch ? `${run.branch} · ` : ''}
        <Age at={run.createdAt} />
      </p>
    </div>
  );
}

function Differences({ comparison, base, head }: { comparison: ComparisonObject; base: RunObject; head: RunObject }) {
  const hasCommon = comparison.nodes.some((node) => node.base !== null && node.head !== null);
  const isSame =
    hasCommon &&
    comparison.params.length === 0 &&
    comparison.nodes.every(
      (node) => node.base && node.head && node.base.ending === node.head.ending && node.properties.length === 0,
    );
  return (
    <>
      {hasCommon ? null : <Apart comparison={comparison} />}
      <Commits base={base.commit} head={head.commit} />
      {isSame ? (
        <p className="text-13 text-2">Plan, parameters and endings are the same; only durations may differ.</p>
      ) : null}
      <div className="grid items-start gap-4 xl:grid-cols-2">
        {hasCommon ? <Endings comparison={comparison} /> : null}
        {hasCommon ? <Durations comparison={comparison} /> : null}
        <Parameters comparison={comparison} />
        <PlanDiff comparison={comparison} />
        <Images comparison={comparison} />
        {hasCommon ? <Unpaired comparison={comparison} /> : null}
        <Caches comparison={comparison} />
        <TestChanges base={base} head={head} />
      </div>
    </>
  );
}

/** Of the two runs; those between stand in the repository, which the server has not. */
function Commits({ base, head }: { base: string | null; head: string | null }) {
  if (base === null || head === null) return null;
  const [before, after] = [base, head].map((commit) => <code className="font-mono">{commit.slice(0, 7)}</code>);
  return base === head ? (
    <p className="text-13 text-2">Both are of commit {after}.</p>
  ) : (
    <p className="text-13 text-2">
      From commit {before} to {after}. What lies between says the repository:{' '}
      <code className="font-mono">
        git log {base.slice(0, 7)}..{head.slice(0, 7)}
      </code>
    </p>
  );
}
