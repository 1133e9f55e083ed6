import { Pencil, Trash2 } from 'lucide-react';
import type { RoleObject } from '#core/rest-members.ts';
import { write } from '../data/http.ts';
import { RoleDialog } from '../pages/organization/role-dialog.tsx';
import { availableIf, type Action } from './action.ts';

export interface RoleSubject {
  id: string;
  organization: string;
  role: RoleObject;
}

const changeRole: Action<RoleSubject> = {
  ...{ kind: 'dialog', id: 'role.change', icon: Pencil, Dialog: RoleDialog },
  label: () => 'Change…',
  availability: ({ role }) => availableIf(role.can.update),
};

const deleteRole: Action<RoleSubject> = {
  ...{ kind: 'command', id: 'role.delete', icon: Trash2, isDangerous: true },
  label: () => 'Delete',
  availability: ({ role }) => availableIf(role.can.remove),
  effect: ({ role }) =>
    `${role.name} is gone, and open invitations that give it are withdrawn. Nobody may have it now.`,
  done: ({ role }) => `${role.name} is deleted`,
  refreshes: () => [['list', 'roles']],
  async run({ role }, key) {
    await write('DELETE', `roles/${role.id}`, undefined, { key });
    return { kind: 'done' };
  },
};

export const ROLE_ACTIONS: readonly Action<RoleSubject>[] = [changeRole, deleteRole];
