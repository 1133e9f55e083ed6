import { Fragment, useRef, useState, type ReactNode } from 'react';
import { useSearchParams } from 'wouter';
import type { RunObject } from '#core/rest.ts';
import { useWorkspace } from '../../app/place.ts';
import { ErrorState, InlineProblem } from '../../ui/error-state.tsx';
import { NewerPill } from '../../ui/newer-pill.tsx';
import type { RunFilter } from './filter.ts';
import { ListFooter } from './list-footer.tsx';
import { RunTable } from './run-table.tsx';
import { SelectionBar } from './selection-bar.tsx';
import { goToTop, isAtTop, mayJoin, useGeneration } from './use-joining.ts';
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
function List({ filter, withPipeline, empty }: RunListProps) {
  const place = useWorkspace();
  const [search, setSearch] = useSearchParams();
  const cursor = search.get('cursor');
  // Over all pages, so that more can be chosen than one page has.
  const [selected, setSelected] = useState<ReadonlyMap<string, RunObject>>(new Map());
  const box = useRef<HTMLDivElement>(null);
  const { list, newer, hasLeft, showNewer } = useRunList(place.path, filter, cursor, () => mayJoin(box));
  const { data, error, refetch } = list;
  const generation = useGeneration(box, data?.items);
  const present = new Map(data?.items.map((run) => [run.id, run]));
  const chosen = [...selected.values()].map((run) => present.get(run.id) ?? run);
  const goTo = (to: string | null) => {
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
      <div ref={box} onPointerLeave={() => (newer > 0 || hasLeft) && isAtTop() && showNewer()}>
        {/* In the box: who moves on to it has not left the rows, which would come in under the press. */}
        <NewerPill
          count={cursor === null ? newer : 0}
          onShow={() => {
            goToTop();
            showNewer();
          }}
        />
        <Fragment key={generation}>
          <RunTable
            runs={data?.items}
            withPipeline={withPipeline}
            selected={selected}
            onSelect={(run, isSelected) => {
              const next = new Map(selected);
              if (isSelected) next.set(run.id, run);
              else next.delete(run.id);
              setSelected(next);
            }}
            empty={empty}
            error={
              !data && error ? (
                <ErrorState what="The runs could not be read" problem={error} onRetry={() => void refetch()} />
              ) : null
            }
          />
          <ListFooter page={data} onPage={goTo}>
            <SelectionBar base={place.base} runs={chosen} onClear={() => setSelected(new Map())} />
          </ListFooter>
        </Fragment>
      </div>
    </>
  );
}
