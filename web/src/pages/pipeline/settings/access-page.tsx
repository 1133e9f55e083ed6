import { ACTION_MEANINGS, leastRoleFor, type WorkspaceAction } from '#core/permission.ts';
import type { WorkspaceMemberObject } from '#core/rest-members.ts';
import { useWorkspace } from '../../../app/place.ts';
import { useList } from '../../../data/use-list.ts';
import { Badge } from '../../../ui/badge.tsx';
import { ButtonLink } from '../../../ui/button.tsx';
import { ErrorState } from '../../../ui/error-state.tsx';
import { Panel } from '../../../ui/panel.tsx';
import { Table, type Column } from '../../../ui/table.tsx';
import { listHolders, listRoles, PIPELINE_RIGHTS, type RoleAccess } from './list-access.ts';
import { PipelineSettings } from './pipeline-settings.tsx';

const ROLES: readonly Column<RoleAccess>[] = [
  { ...{ key: 'role', head: 'Role', width: '24%' }, cell: ({ role }) => <Badge>{role}</Badge> },
  { ...{ key: 'who', head: 'People and teams' }, cell: ({ holders }) => <Holders holders={holders} /> },
  {
    ...{ key: 'rights', head: 'Rights', width: '20%', isSecondary: true },
    cell: ({ actions }) => (
      <span title={actions.join(', ')}>{actions.length === 1 ? '1 right' : `${actions.length} rights`}</span>
    ),
  },
];

/** Who may do what here: pipelines have no rights of their own, those of the workspace hold (UI §4.6). */
export default function AccessPage() {
  return <PipelineSettings page="access">{() => <Access />}</PipelineSettings>;
}

function Access() {
  const place = useWorkspace();
  const { data, error, refetch } = useList<WorkspaceMemberObject>(`workspaces/${place.id}/members`, { limit: 200 });
  const failure =
    !data && error ? (
      <ErrorState what="Who has which role could not be read" problem={error} onRetry={() => void refetch()} />
    ) : null;
  const rights: Column<WorkspaceAction>[] = [
    {
      ...{ key: 'right', head: 'Right', width: '60%' },
      cell: (action) => <span title={`${ACTION_MEANINGS[action]} (${action})`}>{ACTION_MEANINGS[action]}</span>,
    },
    {
      ...{ key: 'who', head: 'People and teams' },
      cell: (action) => <Holders holders={listHolders(data?.items ?? [], action)} least={leastRoleFor(action)} />,
    },
  ];
  return (
    <>
      <p className="max-w-160 text-13 text-2">
        The rights over a pipeline are those of the workspace {place.path}. Owners and admins of the organization may do
        everything, without a role.
      </p>
      <Panel
        title="Roles"
        actions={
          <ButtonLink href={`${place.base}/settings/members`} size="dense">
            Members of the workspace
          </ButtonLink>
        }
      >
        <Table
          label="roles"
          columns={ROLES}
          items={data && listRoles(data.items)}
          expectedRows={4}
          keyOf={({ role }) => role}
          error={failure}
          empty={null}
        />
      </Panel>
      {failure ? null : (
        <Panel title="Who may do what">
          <Table
            label="rights"
            columns={rights}
            items={data && PIPELINE_RIGHTS}
            expectedRows={PIPELINE_RIGHTS.length}
            keyOf={(action) => action}
            empty={null}
          />
        </Panel>
      )}
    </>
  );
}

function Holders({ holders, least }: { holders: readonly string[]; least?: string }) {
  if (holders.length === 0) return <span className="text-3">nobody{least ? `; needs ${least}` : ''}</span>;
  const text = holders.join(', ');
  return (
    <code className="font-mono text-12 text-1" title={text}>
      {text}
    </code>
  );
}
