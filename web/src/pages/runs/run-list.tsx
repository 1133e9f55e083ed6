import { ArrowLeftRight, ArrowUp } from 'lucide-react';
import { useState, type ReactNode } from 'react';
import { useSearchParams } from 'wouter';
import { useWorkspace } from '../../app/place.ts';
import { Button, ButtonLink } from '../../ui/button.tsx';
import { ErrorState, InlineProblem } from '../../ui/error-state.tsx';
import type { RunFilter } from './filter.ts';
import { RunTable } from './run-table.tsx';
import { useRunList } from './use-run-list.ts';

interface RunListProps {
  filter: RunFilter;
  withPipeline: boolean;
  empty: ReactNode;
}

/** What is selected or newer belongs to one list. */
export function RunList(props: RunListProps) {
  const { path } = useWorkspace();
  return <List key={`${path} ${JSON.stringify(props.filter)}`} {...props} />;
}

/** A page of runs with what moves through the pages; the place in the list stands in the URL. */
function List(props: RunListProps) {
  const { filter, withPipeline, empty } = props;
  const place = useWorkspace();
  const [search, setSearch] = useSearchParams();
  const cursor = search.get('cursor');
  const { list, newer, showNewer } = useRunList(place.path, filter, cursor);
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
  const { data, error, refetch } = list;
  const chosen = (data?.items ?? []).filter(({ id }) => selected.has(id));
  const goTo = (to: string | null) => {
    setSelected(new Set());
    setSearch((old) => {
      const next = new URLSearchParams(old);
      if (to === null) next.delete('cursor');
      else next.set('cursor', to);
      return next;
    });
  };
  return (
    <>
      {data && error ? <InlineProblem problem={error} onRetry={() => void refetch()} /> : null}
      <RunTable
        runs={data?.items}
        withPipeline={withPipeline}
        selected={selected}
        onSelect={(id, isSelected) => {
          const next = new Set(selected);
          if (isSelected) next.add(id);
          else next.delete(id);
          setSelected(next);
        }}
        empty={empty}
        error={
          !data && error ? (
            <ErrorState what="The runs could not be read" problem={error} onRetry={() => void refetch()} />
          ) : null
        }
      />
      <footer className="flex min-h-11 flex-wrap items-center gap-2 border-t border-subtle px-4 py-1.5">
        <Compare base={place.base} runs={chosen} count={selected.size} />
        <span className="flex-1" />
        {newer > 0 ? (
          <Button size="dense" icon={ArrowUp} onClick={showNewer}>
            {newer} newer
          </Button>
        ) : null}
        <Button
          size="dense"
          disabledReason={data?.prev ? null : 'these are the newest'}
          onClick={() => goTo(data?.prev ?? null)}
        >
          Newer
        </Button>
        <Button
          size="dense"
          disabledReason={data?.next ? null : 'there are no older ones'}
          onClick={() => goTo(data?.next ?? null)}
        >
          Older
        </Button>
      </footer>
    </>
  );
}

function Compare({
  base,
  runs,
  count,
}: {
  base: string;
  runs: readonly { number: number; attempt: number; pipeline: { name: string } }[];
  count: number;
}) {
  if (count === 0)
    return <p className="text-12 text-3 max-lg:hidden">Select two runs of a pipeline to compare them.</p>;
  const [one, two] = runs.toSorted((a, b) => a.number - b.number || a.attempt - b.attempt);
  const reason =
    runs.length !== 2 || !one || !two
      ? 'two runs are compared'
      : one.pipeline.name === two.pipeline.name
        ? null
        : 'they are of different pipelines';
  if (reason !== null || !one || !two) {
    return (
      <Button size="dense" icon={ArrowLeftRight} disabledReason={reason}>
        Compare
      </Button>
    );
  }
  const nameOf = ({ number, attempt }: { number: number; attempt: number }) =>
    attempt > 1 ? `${number}.${attempt}` : `${number}`;
  const href = `${base}/pipelines/${encodeURIComponent(one.pipeline.name)}/compare?base=${nameOf(one)}&head=${nameOf(two)}`;
  return (
    <ButtonLink size="dense" icon={ArrowLeftRight} href={href}>
      Compare
    </ButtonLink>
  );
}
