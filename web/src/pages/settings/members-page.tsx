import { UserPlus, Users } from 'lucide-react';
import { useState } from 'react';
import { Link } from 'wouter';
import type { WorkspaceMemberObject } from '#core/rest-members.ts';
import { ActionMenu } from '../../actions/action-button.tsx';
import { WORKSPACE_MEMBER_ACTIONS } from '../../actions/workspace-member.ts';
import { usePageHead } from '../../app/page.ts';
import { useWorkspace } from '../../app/place.ts';
import { useList } from '../../data/use-list.ts';
import { Badge } from '../../ui/badge.tsx';
import { Button } from '../../ui/button.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { ErrorState } from '../../ui/error-state.tsx';
import { Age } from '../../ui/moment.tsx';
import { Panel } from '../../ui/panel.tsx';
import { Table, type Column } from '../../ui/table.tsx';
import { GiveRoleDialog } from './give-role-dialog.tsx';
import { SettingsFrame } from './settings-frame.tsx';

/** Who was given which role in the workspace (UI §4.13). */
export default function MembersPage() {
  const place = useWorkspace();
  usePageHead({
    title: 'Members',
    area: place.path,
    crumbs: [{ label: 'Settings', href: `${place.base}/settings` }],
  });
  const [isGiving, setGiving] = useState(false);
  const { data, error, refetch } = useList<WorkspaceMemberObject>(`workspaces/${place.id}/members`, { limit: 200 });
  const give = (
    <Button
      variant="primary"
      icon={UserPlus}
      disabledReason={place.may('member:admin') ? null : 'this needs the right member:admin'}
      onClick={() => setGiving(true)}
    >
      Give a role
    </Button>
  );
  const columns: Column<WorkspaceMemberObject>[] = [
    {
      ...{ key: 'who', head: 'Who' },
      cell: ({ principal }) => <code className="font-mono text-12 text-1">{principal}</code>,
    },
    { ...{ key: 'role', head: 'Role', width: '22%' }, cell: ({ role }) => <Badge>{role}</Badge> },
    {
      ...{ key: 'rights', head: 'Rights', width: '14%', isSecondary: true },
      cell: ({ actions }) => (
        <span title={actions.join(', ')}>{actions.length === 1 ? '1 right' : `${actions.length} rights`}</span>
      ),
    },
    {
      ...{ key: 'seen', head: 'Last seen', width: '16%', isSecondary: true },
      cell: ({ lastSeenAt }) => (lastSeenAt === null ? <span className="text-3">–</span> : <Age at={lastSeenAt} />),
    },
    { ...{ key: 'since', head: 'Since', width: '14%' }, cell: ({ createdAt }) => <Age at={createdAt} /> },
    {
      ...{ key: 'actions', head: 'Actions', isHeadHidden: true, width: '64px', align: 'right' },
      cell: (member) => (
        <ActionMenu
          label={`Actions of ${member.principal}`}
          actions={WORKSPACE_MEMBER_ACTIONS}
          subject={{ id: member.id, workspaceId: place.id, member }}
        />
      ),
    },
  ];
  return (
    <SettingsFrame>
      <p className="text-13 text-2">
        Owners and admins of the organization may do everything here, without a role. Who is not in it yet is invited by
        its{' '}
        <Link href={`/${place.organization}/settings/members`} className="text-link underline">
          members
        </Link>
        , with an end of the invitation.
      </p>
      <Panel title="Members" actions={data && data.items.length > 0 ? give : null}>
        <Table
          label="members"
          columns={columns}
          items={data?.items}
          keyOf={({ id }) => id}
          error={
            !data && error ? (
              <ErrorState what="The members could not be read" problem={error} onRetry={() => void refetch()} />
            ) : null
          }
          empty={<EmptyState icon={Users} title="Nobody was given a role here yet" action={give} />}
        />
      </Panel>
      {isGiving ? <GiveRoleDialog onClose={() => setGiving(false)} /> : null}
    </SettingsFrame>
  );
}
