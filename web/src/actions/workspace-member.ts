import { UserCog, UserMinus } from 'lucide-react';
import type { WorkspaceMemberObject } from '#core/rest-members.ts';
import { write } from '../data/http.ts';
import { GiveRoleDialog } from '../pages/settings/give-role-dialog.tsx';
import { availableIf, type Action } from './action.ts';

export interface WorkspaceMemberSubject {
  id: string;
  workspaceId: string;
  member: WorkspaceMemberObject;
}

const changeRole: Action<WorkspaceMemberSubject> = {
  ...{ kind: 'dialog', id: 'workspace-member.change', icon: UserCog, Dialog: GiveRoleDialog },
  label: () => 'Change role…',
  availability: ({ member }) => availableIf(member.can.update),
};

const takeRole: Action<WorkspaceMemberSubject> = {
  ...{ kind: 'command', id: 'workspace-member.remove', icon: UserMinus, isDangerous: true },
  label: () => 'Take the role away',
  availability: ({ member }) => availableIf(member.can.remove),
  effect: ({ member }) =>
    `${member.principal} is no longer ${member.role} in ${member.workspace}; what other roles give stays.`,
  done: ({ member }) => `${member.principal} has no role of their own in ${member.workspace}`,
  refreshes: ({ workspaceId }) => [['list', `workspaces/${workspaceId}/members`], ['me']],
  async run({ workspaceId, member }, key) {
    await write('DELETE', `workspaces/${workspaceId}/members/${encodeURIComponent(member.principal)}`, undefined, {
      key,
    });
    return { kind: 'done' };
  },
};

export const WORKSPACE_MEMBER_ACTIONS: readonly Action<WorkspaceMemberSubject>[] = [changeRole, takeRole];
