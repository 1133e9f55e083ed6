import { KeySquare, Plus } from 'lucide-react';
import { useSearchParams } from 'wouter';
import type { TokenObject } from '#core/rest-sign-in.ts';
import { ActionMenu } from '../../actions/action-button.tsx';
import { revokeToken } from '../../actions/token.ts';
import { usePageHead } from '../../app/page.ts';
import { useWorkspace } from '../../app/place.ts';
import { describeActor } from '../../data/describe-cause.ts';
import { useMe } from '../../data/me.ts';
import { useList } from '../../data/use-list.ts';
import { Button } from '../../ui/button.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { ErrorState } from '../../ui/error-state.tsx';
import { Age } from '../../ui/moment.tsx';
import { Panel } from '../../ui/panel.tsx';
import { Table, type Column } from '../../ui/table.tsx';
import { CreateTokenDialog } from './create-token-dialog.tsx';
import { SettingsFrame } from './settings-frame.tsx';

const COLUMNS: readonly Column<TokenObject>[] = [
  {
    ...{ key: 'name', head: 'Name' },
    cell: ({ name, hint }) => (
      <>
        <span className="text-1">{name}</span> <code className="font-mono text-12 text-3">{hint}</code>
      </>
    ),
  },
  {
    ...{ key: 'for', head: 'For', width: '16%' },
    cell: ({ workspace, organization }) => workspace ?? `all of ${organization}`,
  },
  {
    ...{ key: 'scopes', head: 'Scopes', width: '16%', isSecondary: true },
    cell: ({ scopes }) => <span title={scopes.join(', ')}>{scopes.join(', ')}</span>,
  },
  { ...{ key: 'by', head: 'By', width: '10%' }, cell: ({ createdBy }) => describeActor(createdBy) },
  {
    ...{ key: 'used', head: 'Last used', width: '16%' },
    cell: ({ lastUsedAt, lastAddress }) =>
      lastUsedAt === null ? (
        <span className="text-3">never</span>
      ) : (
        <>
          <Age at={lastUsedAt} /> {lastAddress ? `from ${lastAddress}` : null}
        </>
      ),
  },
  { ...{ key: 'expires', head: 'Ends', width: '12%' }, cell: ({ expiresAt }) => <Age at={expiresAt} /> },
  {
    ...{ key: 'actions', head: 'Actions', isHeadHidden: true, width: '64px', align: 'right' },
    cell: (token) => (
      <ActionMenu label={`Actions of ${token.name}`} actions={[revokeToken]} subject={{ id: token.id, token }} />
    ),
  },
];

/** API tokens of the workspace and of its organization, as far as the person looks after them (UI §4.13). */
export default function TokensPage() {
  const place = useWorkspace();
  usePageHead({
    title: 'API tokens',
    area: place.path,
    crumbs: [{ label: 'Settings', href: `${place.base}/settings` }],
  });
  const { data: me } = useMe();
  const [search, setSearch] = useSearchParams();
  const { data, error, refetch } = useList<TokenObject>('tokens');
  const ofOrganization = me?.organizations.find(({ name }) => name === place.organization)?.actions ?? [];
  const mayCreate = place.may('token:write') || ofOrganization.includes('organization:tokens');
  const shown = data?.items.filter(
    ({ workspace, organization }) =>
      workspace === place.path || (workspace === null && organization === place.organization),
  );
  const create = (
    <Button
      variant="primary"
      icon={Plus}
      disabledReason={mayCreate ? null : 'this needs the right token:write'}
      onClick={() => setSearch({ new: '' })}
    >
      New token
    </Button>
  );
  return (
    <SettingsFrame>
      <Panel title="API tokens" actions={shown && shown.length > 0 ? create : null}>
        <Table
          label="API tokens"
          columns={COLUMNS}
          items={shown}
          keyOf={({ id }) => id}
          error={
            !data && error ? (
              <ErrorState what="The tokens could not be read" problem={error} onRetry={() => void refetch()} />
            ) : null
          }
          empty={
            <EmptyState icon={KeySquare} title="No token yet" action={create}>
              A token is for a program: it has some of your rights, and an end.
            </EmptyState>
          }
        />
      </Panel>
      {search.has('new') && mayCreate ? (
        <CreateTokenDialog organizationActions={ofOrganization} onClose={() => setSearch({})} />
      ) : null}
    </SettingsFrame>
  );
}
