import { MonitorSmartphone } from 'lucide-react';
import type { SessionObject } from '#core/rest-sign-in.ts';
import { ActionButton } from '../../actions/action-button.tsx';
import { endSession } from '../../actions/session.ts';
import { useList } from '../../data/use-list.ts';
import { Badge } from '../../ui/badge.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { ListTable } from '../../ui/list-table.tsx';
import { Age } from '../../ui/moment.tsx';
import { Panel } from '../../ui/panel.tsx';
import type { Column } from '../../ui/table.tsx';

const COLUMNS: readonly Column<SessionObject>[] = [
  {
    ...{ key: 'client', head: 'Where' },
    cell: ({ client, kind, isCurrent }) => (
      <span className="flex min-w-0 items-center gap-2">
        <span className="truncate text-1" title={client}>
          {kind === 'browser' ? describeBrowser(client) : client}
        </span>
        {isCurrent ? <Badge hue="success">this one</Badge> : null}
      </span>
    ),
  },
  {
    ...{ key: 'kind', head: 'With', width: '18%', isSecondary: true },
    cell: ({ kind }) => (kind === 'browser' ? 'a browser' : 'the command line'),
  },
  { ...{ key: 'address', head: 'Address', width: '18%' }, cell: ({ address }) => address },
  { ...{ key: 'seen', head: 'Last seen', width: '14%' }, cell: ({ lastSeenAt }) => <Age at={lastSeenAt} /> },
  {
    ...{ key: 'ends', head: 'Ends', width: '12%', isSecondary: true },
    cell: ({ expiresAt }) => <Age at={expiresAt} />,
  },
  {
    ...{ key: 'actions', head: 'Actions', isHeadHidden: true, width: '120px', align: 'right' },
    cell: (session) => (
      <ActionButton action={endSession} subject={{ id: session.id, session }} size="dense" variant="secondary" />
    ),
  },
];

/** Where the account is signed in. */
export function SessionsPanel() {
  const list = useList<SessionObject>('me/sessions');
  return (
    <Panel title="Signed in" id="sessions">
      <ListTable
        label="sign-ins"
        columns={COLUMNS}
        list={list}
        expectedRows={2}
        empty={<EmptyState icon={MonitorSmartphone} title="Nothing is signed in" />}
      />
    </Panel>
  );
}

/** `Firefox on Linux` of what a browser says of itself; all of it where it says neither. */
function describeBrowser(agent: string): string {
  const browser = /(Firefox|Edg|OPR|Chrome|Safari)\//.exec(agent)?.[1];
  const system = /(Windows|Android|iPhone|iPad|Mac OS X|CrOS|Linux)/.exec(agent)?.[1];
  if (!browser) return agent;
  const names: Record<string, string> = { Edg: 'Edge', OPR: 'Opera' };
  return `${names[browser] ?? browser}${system ? ` on ${system.replace('Mac OS X', 'macOS')}` : ''}`;
}
