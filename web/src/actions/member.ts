import { MailX, UserCog, UserMinus } from 'lucide-react';
import type { InvitationObject, MemberObject } from '#core/rest-members.ts';
import { write } from '../data/http.ts';
import { MemberRoleDialog } from '../pages/organization/member-role-dialog.tsx';
import { availableIf, type Action } from './action.ts';

export interface MemberSubject {
  id: string;
  member: MemberObject;
}

const changeRole: Action<MemberSubject> = {
  ...{ kind: 'dialog', id: 'member.change', icon: UserCog, Dialog: MemberRoleDialog },
  label: () => 'Change role…',
  availability: ({ member }) => availableIf(member.can.update),
};

const removeMember: Action<MemberSubject> = {
  ...{ kind: 'command', id: 'member.remove', icon: UserMinus, isDangerous: true },
  label: () => 'Remove',
  availability: ({ member }) => availableIf(member.can.remove),
  effect: ({ member: { user, organization, teams, workspaces } }) =>
    `${user.name} leaves ${organization}: ${workspaces.length} roles in workspaces, ${teams.length} teams, and their API tokens and open invitations end.`,
  done: ({ member }) => `${member.user.name} is removed`,
  refreshes: () => [
    ['list', 'members'],
    ['list', 'teams'],
    ['list', 'invitations'],
  ],
  async run({ member }, key) {
    await write('DELETE', `members/${member.id}`, undefined, { key });
    return { kind: 'done' };
  },
};

export const MEMBER_ACTIONS: readonly Action<MemberSubject>[] = [changeRole, removeMember];

export const revokeInvitation: Action<{ id: string; invitation: InvitationObject }> = {
  ...{ kind: 'command', id: 'invitation.revoke', icon: MailX, isDangerous: true },
  label: () => 'Withdraw',
  availability: ({ invitation }) => availableIf(invitation.can.revoke),
  effect: ({ invitation }) => `The link that ${invitation.email} was sent works no longer.`,
  done: ({ invitation }) => `The invitation of ${invitation.email} is withdrawn`,
  refreshes: () => [['list', 'invitations']],
  async run({ invitation }, key) {
    await write('DELETE', `invitations/${invitation.id}`, undefined, { key });
    return { kind: 'done' };
  },
};
