import { List } from 'lucide-react';
import { useMemo } from 'react';
import { useSearchParams } from 'wouter';
import { usePageHead } from '../../app/page.ts';
import { useWorkspace } from '../../app/place.ts';
import { EmptyState } from '../../ui/empty-state.tsx';
import { FilterField } from './filter-field.tsx';
import { readFilter } from './filter.ts';
import { NothingMatches } from './nothing-matches.tsx';
import { RunList } from './run-list.tsx';
import { withoutToken } from './tokens.ts';

/** All runs of a workspace (UI §4.2). The filter stands in the URL. */
export default function RunsPage() {
  usePageHead({ title: 'Runs' });
  const { path: workspace } = useWorkspace();
  const [search, setSearch] = useSearchParams();
  const text = search.get('q') ?? '';
  const { filter, tokens, problem } = useMemo(() => readFilter(text), [text]);
  const show = (next: string) => setSearch(next === '' ? {} : { q: next });
  return (
    <div className="flex flex-col gap-3 p-6 max-sm:p-4">
      <div className="max-w-160">
        <FilterField
          label="Filter"
          value={text}
          tokens={tokens}
          problem={problem}
          placeholder="status:failed !branch:main author:ann shop-api #142"
          onChange={show}
          onRemove={(token) => show(withoutToken(text, token))}
        />
      </div>
      <section aria-label="Runs" className="rounded-8 border border-subtle bg-raised">
        <RunList
          filter={problem ? {} : filter}
          withPipeline
          empty={
            tokens.length > 0 ? (
              <NothingMatches
                list="runs"
                title="No run is like that"
                filters={[...new Set(tokens)].map((name) => {
                  const rest = withoutToken(text, name);
                  return { name, query: { workspace, ...readFilter(rest).filter }, show: () => show(rest) };
                })}
                onShowAll={() => show('')}
              />
            ) : (
              <NoRun />
            )
          }
        />
      </section>
    </div>
  );
}

function NoRun() {
  return (
    <EmptyState icon={List} title="No run yet" command="buildit run --remote">
      Start one from a pipeline's page, or send a file of your machine.
    </EmptyState>
  );
}
