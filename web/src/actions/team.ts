import { Pencil, Trash2, Users } from 'lucide-react';
import type { TeamObject } from '#core/rest-members.ts';
import { write } from '../data/http.ts';
import { TeamDialog } from '../pages/organization/team-dialog.tsx';
import { TeamMembersDialog } from '../pages/organization/team-members-dialog.tsx';
import { availableIf, type Action } from './action.ts';

export interface TeamSubject {
  id: string;
  organization: string;
  team: TeamObject;
}

const changeTeam: Action<TeamSubject> = {
  ...{ kind: 'dialog', id: 'team.change', icon: Pencil, Dialog: TeamDialog },
  label: () => 'Change…',
  availability: ({ team }) => availableIf(team.can.update),
};

const editMembers: Action<TeamSubject> = {
  ...{ kind: 'dialog', id: 'team.members', icon: Users, Dialog: TeamMembersDialog },
  label: () => 'Members…',
  availability: ({ team }) => availableIf(team.can.update),
};

const deleteTeam: Action<TeamSubject> = {
  ...{ kind: 'command', id: 'team.delete', icon: Trash2, isDangerous: true },
  label: () => 'Delete',
  availability: ({ team }) => availableIf(team.can.remove),
  effect: ({ team }) =>
    `${team.members.length} people lose what ${team.name} gives them in ${team.workspaces.length} workspaces. Gates that name team:${team.name} wait for nobody.`,
  done: ({ team }) => `${team.name} is deleted`,
  refreshes: () => [
    ['list', 'teams'],
    ['list', 'members'],
  ],
  async run({ team }, key) {
    await write('DELETE', `teams/${team.id}`, undefined, { key });
    return { kind: 'done' };
  },
};

export const TEAM_ACTIONS: readonly Action<TeamSubject>[] = [editMembers, changeTeam, deleteTeam];
