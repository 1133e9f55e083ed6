import { Plus } from 'lucide-react';
import { useMemo, useRef, useState } from 'react';
import { useSearchParams } from 'wouter';
import { usePageHead } from '../../app/page.ts';
import { usePins } from '../../app/pins.ts';
import { useWorkspace } from '../../app/place.ts';
import { Button } from '../../ui/button.tsx';
import { Checkbox } from '../../ui/choice.tsx';
import { problemOf } from '../../ui/describe-failure.ts';
import { ErrorState, InlineProblem } from '../../ui/error-state.tsx';
import { FilterField } from '../runs/filter-field.tsx';
import { ListFooter } from '../runs/list-footer.tsx';
import { NothingMatches } from '../runs/nothing-matches.tsx';
import { readTokens, withoutToken } from '../runs/tokens.ts';
import { mayReorder } from '../runs/use-joining.ts';
import { CreateDialog } from './create-dialog.tsx';
import { NoPipeline } from './no-pipeline.tsx';
import { readPipelineFilter } from './pipeline-filter.ts';
import { PipelineTable } from './pipeline-table.tsx';
import { readSort } from './sort.ts';
import { usePipelineList } from './use-pipeline-list.ts';

/** Pipelines of a workspace: how each fares (UI §4.2). Filter, order and place in the list stand in the URL. */
export default function PipelinesPage() {
  usePageHead({ title: 'Pipelines' });
  const place = useWorkspace();
  const [search, setSearch] = useSearchParams();
  const [isCreating, setCreating] = useState(false);
  const text = search.get('q') ?? '';
  const { filter, tokens, problem } = useMemo(() => readPipelineFilter(text), [text]);
  const isNarrow = search.get('attention') === 'yes';
  const sort = readSort(search.get('sort'));
  const first = useFirst(place.base);
  const box = useRef<HTMLElement>(null);
  const { data, error, refetch } = usePipelineList(
    place.path,
    { ...(problem ? {} : filter), sort, first, attention: isNarrow || null, cursor: search.get('cursor') },
    () => mayReorder(box),
  );
  const set = (key: string, value: string | null, replace = false) =>
    setSearch(
      (old) => {
        const next = new URLSearchParams(old);
        if (key !== 'cursor') next.delete('cursor');
        if (value === null || value === '') next.delete(key);
        else next.set(key, value);
        return next;
      },
      { replace },
    );
  // The pipeline that the page began behind may have left the list: then the list begins anew.
  const retry = () => (problemOf(error)?.code.startsWith('cursor-') ? set('cursor', null) : void refetch());
  const create = (
    <Button
      variant="primary"
      icon={Plus}
      disabledReason={place.may('pipeline:write') ? null : 'this needs the right pipeline:write'}
      onClick={() => setCreating(true)}
    >
      New pipeline
    </Button>
  );
  const isFiltered = text !== '' || isNarrow;
  return (
    <div className="flex flex-col gap-3 p-6 max-sm:p-4">
      <div className="flex flex-wrap items-start gap-x-3 gap-y-2">
        <div className="w-120 max-w-full max-sm:w-full">
          <FilterField
            label="Filter"
            value={text}
            tokens={tokens}
            problem={problem}
            placeholder="part of a name, status:failed, branch:main"
            isLive={(typed) => readPipelineFilter(typed).problem === null}
            onChange={(next, isTyping) => set('q', next, isTyping)}
            onRemove={(token) => set('q', withoutToken(text, token))}
          />
        </div>
        <div className="flex h-8 items-center sm:mt-6">
          <Checkbox
            label="Needs attention"
            isChecked={isNarrow}
            onChange={(isOn) => set('attention', isOn ? 'yes' : null)}
          />
        </div>
        <span className="flex-1" />
        {data && data.items.length > 0 ? <div className="sm:mt-6">{create}</div> : null}
      </div>
      <section ref={box} aria-label="Pipelines" className="rounded-8 border border-subtle bg-raised">
        {data && error ? <InlineProblem problem={error} onRetry={retry} /> : null}
        <PipelineTable
          pipelines={data?.items}
          sort={sort}
          onSort={(next) => set('sort', next)}
          empty={
            isFiltered ? (
              <NothingMatches
                list="pipelines"
                title={isNarrow ? 'Nothing of these needs attention' : 'No pipeline is like that'}
                filters={listFilters(text, isNarrow).map(({ name, rest, attention }) => ({
                  name,
                  query: { workspace: place.path, ...readPipelineFilter(rest).filter, attention: attention || null },
                  show: () => (attention === isNarrow ? set('q', rest) : set('attention', null)),
                }))}
                onShowAll={() => setSearch({})}
              />
            ) : (
              <NoPipeline onCreate={() => setCreating(true)} />
            )
          }
          error={
            !data && error ? (
              <ErrorState what="The pipelines could not be read" problem={error} onRetry={retry} />
            ) : null
          }
        />
        {data && data.items.length > 0 ? (
          <ListFooter
            page={data}
            onPage={(cursor) => set('cursor', cursor)}
            {...(sort === null ? {} : { words: { prev: 'Previous', next: 'Next' } })}
          />
        ) : null}
      </section>
      {isCreating ? <CreateDialog onClose={() => setCreating(false)} /> : null}
    </div>
  );
}

/** Each filter with what is left without it; the words of a name are one. */
function listFilters(text: string, isNarrow: boolean) {
  const all = readTokens(text);
  const words = all.flatMap(({ text: word, key }) => (key === undefined ? [word] : [])).join(' ');
  const tokens = [...new Set(all.flatMap(({ text: token, key }) => (key === undefined ? [] : [token])))];
  return [
    ...(words === '' ? [] : [{ name: words, rest: tokens.join(' '), attention: isNarrow }]),
    ...tokens.map((name) => ({ name, rest: withoutToken(text, name), attention: isNarrow })),
    ...(isNarrow ? [{ name: 'needs attention', rest: text, attention: false }] : []),
  ];
}

/** Names of the pipelines that are pinned, in the order of the alphabet: they come first. */
function useFirst(base: string): string[] {
  const folder = `${base}/pipelines/`;
  const pinned = usePins().flatMap(({ href }) => (href.startsWith(folder) ? [href.slice(folder.length)] : []));
  return pinned
    .filter((name) => !name.includes('/'))
    .map(decodeURIComponent)
    .toSorted();
}
