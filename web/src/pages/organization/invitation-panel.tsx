import { MailQuestion } from 'lucide-react';
import type { InvitationObject } from '#core/rest-members.ts';
import { ActionMenu } from '../../actions/action-button.tsx';
import { revokeInvitation } from '../../actions/member.ts';
import { describeActor } from '../../data/describe-cause.ts';
import { useList } from '../../data/use-list.ts';
import { Badge } from '../../ui/badge.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { ListTable } from '../../ui/list-table.tsx';
import { Age } from '../../ui/moment.tsx';
import { Panel } from '../../ui/panel.tsx';
import type { Column } from '../../ui/table.tsx';

const COLUMNS: readonly Column<InvitationObject>[] = [
  { ...{ key: 'email', head: 'E-mail' }, cell: ({ email }) => <span className="text-1">{email}</span> },
  { ...{ key: 'role', head: 'Role', width: '14%' }, cell: ({ role }) => <Badge>{role}</Badge> },
  {
    ...{ key: 'state', head: 'State', width: '14%' },
    cell: ({ state }) => <Badge {...(state === 'open' ? { hue: 'waiting' as const } : {})}>{state}</Badge>,
  },
  {
    ...{ key: 'by', head: 'By', width: '14%', isSecondary: true },
    cell: ({ invitedBy }) => describeActor(invitedBy),
  },
  { ...{ key: 'ends', head: 'Ends', width: '14%' }, cell: ({ expiresAt }) => <Age at={expiresAt} /> },
  {
    ...{ key: 'actions', head: 'Actions', isHeadHidden: true, width: '64px', align: 'right' },
    cell: (invitation) => (
      <ActionMenu
        label={`Actions of the invitation of ${invitation.email}`}
        actions={[revokeInvitation]}
        subject={{ id: invitation.id, invitation }}
      />
    ),
  },
];

/** Who was invited, and what came of it. */
export function InvitationPanel({ organization }: { organization: string }) {
  const list = useList<InvitationObject>('invitations', { organization, limit: 50 });
  return (
    <Panel title="Invitations">
      <ListTable
        label="invitations"
        columns={COLUMNS}
        list={list}
        expectedRows={2}
        empty={<EmptyState icon={MailQuestion} title="Nobody is invited" />}
      />
    </Panel>
  );
}
