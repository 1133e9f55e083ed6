import { useQuery } from '@tanstack/react-query';
import { List } from 'lucide-react';
import { writeTotal } from '#core/count.ts';
import type { Page, RunObject } from '#core/rest.ts';
import { useWorkspace } from '../../app/place.ts';
import { get } from '../../data/http.ts';
import { Button } from '../../ui/button.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { readFilter } from './filter.ts';
import { withoutToken } from './tokens.ts';

/** No run fits all of the filters: how many there are without each of them, and the way there (UI §4.2). */
export function NothingMatches(props: { text: string; tokens: readonly string[]; onShow(text: string): void }) {
  const { text, tokens, onShow } = props;
  const each = [...new Set(tokens)];
  return (
    <EmptyState
      icon={List}
      title="No run is like that"
      action={<Button onClick={() => onShow('')}>Show all runs</Button>}
    >
      {each.length > 1 ? (
        <ul aria-label="Without one of the filters" className="flex flex-col items-center gap-1">
          {each.map((token) => (
            <Without key={token} token={token} rest={withoutToken(text, token)} onShow={onShow} />
          ))}
        </ul>
      ) : null}
    </EmptyState>
  );
}

/** What one filter keeps out, and the way to it. */
function Without({ token, rest, onShow }: { token: string; rest: string; onShow(text: string): void }) {
  const { path: workspace } = useWorkspace();
  const query = { workspace, ...readFilter(rest).filter, limit: 1, total: true, fields: 'id' };
  const { data } = useQuery({
    queryKey: ['run-count', query],
    queryFn: ({ signal }) => get<Page<Pick<RunObject, 'id'>>>('runs', query, signal),
  });
  return (
    <li>
      <Button size="dense" variant="ghost" onClick={() => onShow(rest)}>
        <span className="tabular">
          Without <code className="font-mono">{token}</code>: {data?.total === undefined ? '…' : writeTotal(data.total)}
        </span>
      </Button>
    </li>
  );
}
