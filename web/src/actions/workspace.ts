import { LogOut, Trash2 } from 'lucide-react';
import type { OrganizationObject, WorkspaceObject } from '#core/rest-workspaces.ts';
import { write } from '../data/http.ts';
import { availableIf, type Action } from './action.ts';
import { dialogLater } from './dialog-later.ts';

/** A workspace with the other organizations of which the person is an owner. */
export interface TransferSubject {
  id: string;
  workspace: WorkspaceObject;
  targets: readonly string[];
}

export const transferWorkspace: Action<TransferSubject> = {
  ...{ kind: 'dialog', id: 'workspace.transfer', icon: LogOut, isDangerous: true },
  Dialog: dialogLater(async () => (await import('../pages/settings/transfer-dialog.tsx')).TransferDialog),
  label: () => 'Transfer workspace…',
  availability: ({ workspace, targets }) =>
    workspace.can.transfer === true && targets.length === 0
      ? { no: 'you are an owner of no other organization' }
      : availableIf(workspace.can.transfer),
};

export const deleteWorkspace: Action<{ id: string; workspace: WorkspaceObject }> = {
  ...{ kind: 'command', id: 'workspace.delete', icon: Trash2, isDangerous: true },
  label: () => 'Delete workspace',
  availability: ({ workspace }) => availableIf(workspace.can.delete),
  effect: ({ workspace }) =>
    `All of ${workspace.name} is deleted: pipelines, runs, logs, artifacts, secrets and members. Nothing brings it back.`,
  typed: ({ workspace }) => workspace.name,
  done: ({ workspace }) => `${workspace.name} is deleted`,
  async run({ workspace }, key) {
    await write('DELETE', `workspaces/${workspace.id}`, { name: workspace.name }, { key });
    // No page of it is left.
    location.assign('/');
    return { kind: 'done' };
  },
};

export const deleteOrganization: Action<{ id: string; organization: OrganizationObject }> = {
  ...{ kind: 'command', id: 'organization.delete', icon: Trash2, isDangerous: true },
  label: () => 'Delete organization',
  availability: ({ organization }) => availableIf(organization.can.delete),
  effect: ({ organization }) =>
    `All of ${organization.name} is deleted: its workspaces with all that is in them, its people, teams, roles and audit. Nothing brings it back.`,
  typed: ({ organization }) => organization.name,
  done: ({ organization }) => `${organization.name} is deleted`,
  async run({ organization }, key) {
    await write('DELETE', `organizations/${organization.id}`, { name: organization.name }, { key });
    location.assign('/');
    return { kind: 'done' };
  },
};
