import { useQuery } from '@tanstack/react-query';
import { List } from 'lucide-react';
import { writeTotal } from '#core/count.ts';
import type { Page } from '#core/rest.ts';
import { get } from '../../data/http.ts';
import { Button } from '../../ui/button.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';

/** One of the filters, and the list without it. */
export interface LeftOut {
  /** As it is typed: `status:failed`. */
  name: string;
  /** What is asked for without it. */
  query: Parameters<typeof get>[1];
  show(): void;
}

/** Nothing fits all of the filters: how many there are without each of them, and the way there (UI §4.2). */
export function NothingMatches(props: {
  list: 'runs' | 'pipelines';
  title: string;
  filters: readonly LeftOut[];
  onShowAll(): void;
}) {
  const { list, title, filters, onShowAll } = props;
  return (
    <EmptyState icon={List} title={title} action={<Button onClick={onShowAll}>Show all {list}</Button>}>
      {filters.length > 1 ? (
        <ul aria-label="Without one of the filters" className="flex flex-col items-center gap-1">
          {filters.map((filter) => (
            <Without key={filter.name} list={list} filter={filter} />
          ))}
        </ul>
      ) : null}
    </EmptyState>
  );
}

/** What one filter keeps out, and the way to it. */
function Without({ list, filter: { name, query, show } }: { list: string; filter: LeftOut }) {
  const asked = { ...query, limit: 1, total: true, fields: 'id' };
  const { data } = useQuery({
    queryKey: ['count', list, asked],
    queryFn: ({ signal }) => get<Page<{ id: string }>>(list, asked, signal),
  });
  return (
    <li>
      <Button size="dense" variant="ghost" onClick={show}>
        <span className="tabular">
          Without <code className="font-mono">{name}</code>: {data?.total === undefined ? '…' : writeTotal(data.total)}
        </span>
      </Button>
    </li>
  );
}
