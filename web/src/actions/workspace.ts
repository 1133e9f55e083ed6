import { Trash2 } from 'lucide-react';
import type { OrganizationObject, WorkspaceObject } from '#core/rest-workspaces.ts';
import { write } from '../data/http.ts';
import { availableIf, type Action } from './action.ts';

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
