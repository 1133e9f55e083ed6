import { UserPlus, Users } from 'lucide-react';
import { useState } from 'react';
import type { MemberObject } from '#core/rest-members.ts';
import { ActionMenu } from '../../actions/action-button.tsx';
import { MEMBER_ACTIONS } from '../../actions/member.ts';
import { useNamedList } from '../../data/use-list.ts';
import { Badge } from '../../ui/badge.tsx';
import { Button } from '../../ui/button.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { ListTable } from '../../ui/list-table.tsx';
import { Age } from '../../ui/moment.tsx';
import { Panel } from '../../ui/panel.tsx';
import type { Column } from '../../ui/table.tsx';
import { InOrganization, type OrganizationPlace } from './in-organization.tsx';
import { InvitationPanel } from './invitation-panel.tsx';
import { InviteDialog } from './invite-dialog.tsx';
import { NamedNote, useNamed } from './named.tsx';

const COLUMNS: readonly Column<MemberObject>[] = [
  {
    ...{ key: 'name', head: 'Name' },
    cell: ({ user }) => (
      <>
        <span className="text-1">{user.displayName}</span> <span className="text-3">{user.email ?? user.name}</span>
      </>
    ),
  },
  { ...{ key: 'role', head: 'Role', width: '14%' }, cell: ({ role }) => <Badge>{role}</Badge> },
  {
    ...{ key: 'teams', head: 'Teams', width: '16%', isSecondary: true },
    cell: ({ teams }) => (teams.length === 0 ? <span className="text-3">none</span> : teams.join(', ')),
  },
  {
    ...{ key: 'workspaces', head: 'In workspaces', width: '24%', isSecondary: true },
    cell: ({ workspaces }) => {
      const roles = workspaces.map(({ workspace, role }) => `${role} of ${workspace}`).join(', ');
      return roles === '' ? <span className="text-3">none of their own</span> : <span title={roles}>{roles}</span>;
    },
  },
  {
    ...{ key: 'seen', head: 'Last seen', width: '14%' },
    cell: ({ lastSeenAt }) => (lastSeenAt === null ? <span className="text-3">–</span> : <Age at={lastSeenAt} />),
  },
  {
    ...{ key: 'actions', head: 'Actions', isHeadHidden: true, width: '64px', align: 'right' },
    cell: (member) => (
      <ActionMenu
        label={`Actions of ${member.user.name}`}
        actions={MEMBER_ACTIONS}
        subject={{ id: member.id, member }}
      />
    ),
  },
];

/** Who is in the organization, and who is asked to come (UI §4.13). */
export default function OrganizationMembersPage() {
  return <InOrganization title="Members">{(place) => <Content place={place} />}</InOrganization>;
}

function Content({ place }: { place: OrganizationPlace }) {
  const [isInviting, setInviting] = useState(false);
  const named = useNamed();
  const list = useNamedList<MemberObject>('members', place.name, named.name);
  const mayInvite = place.may('organization:members');
  const invite = (
    <Button
      variant="primary"
      icon={UserPlus}
      disabledReason={mayInvite ? null : 'this needs the right organization:members'}
      onClick={() => setInviting(true)}
    >
      Invite
    </Button>
  );
  return (
    <div className="in-order contents">
      <Panel
        title="Members"
        actions={
          <>
            <NamedNote named={named} />
            {invite}
          </>
        }
      >
        <ListTable
          label="members"
          columns={COLUMNS}
          list={list}
          empty={
            <EmptyState
              icon={Users}
              title={named.name === null ? 'Nobody is in it yet' : `Nobody is called ${named.name}`}
            />
          }
        />
      </Panel>
      {mayInvite ? <InvitationPanel organization={place.name} /> : null}
      {isInviting ? <InviteDialog place={place} onClose={() => setInviting(false)} /> : null}
    </div>
  );
}
