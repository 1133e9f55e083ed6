import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import {
  ACTION_MEANINGS,
  leastRoleFor,
  ORGANIZATION_ACTIONS,
  ORGANIZATION_ROLE_ACTIONS,
  ORGANIZATION_ROLES,
  WORKSPACE_ACTIONS,
  WORKSPACE_ROLE_ACTIONS,
  WORKSPACE_ROLES,
  workspaceActionsOf,
} from './permission.ts';

const document = readFileSync(new URL('../docs/people.md', import.meta.url), 'utf8');

function writeTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(head), `|${head.map(() => '---').join('|')}|`, ...rows.map(line)].join('\n');
}

function mark(has: boolean): string {
  return has ? 'yes' : '';
}

test('the document has the table of workspaces as it is in force', () => {
  const table = writeTable(
    ['action', ...WORKSPACE_ROLES, 'admin, owner', 'it is the right to'],
    WORKSPACE_ACTIONS.map((action) => [
      `\`${action}\``,
      ...WORKSPACE_ROLES.map((role) => mark(WORKSPACE_ROLE_ACTIONS[role].includes(action))),
      mark(workspaceActionsOf('admin').includes(action)),
      ACTION_MEANINGS[action],
    ]),
  );
  expect(document).toContain(`${table}\n`);
});

test('the document has the table of organizations as it is in force', () => {
  const table = writeTable(
    ['action', ...ORGANIZATION_ROLES, 'it is the right to'],
    ORGANIZATION_ACTIONS.map((action) => [
      `\`${action}\``,
      ...ORGANIZATION_ROLES.map((role) => mark(ORGANIZATION_ROLE_ACTIONS[role].includes(action))),
      ACTION_MEANINGS[action],
    ]),
  );
  expect(document).toContain(`${table}\n`);
});

test('a role has what the role before it has', () => {
  for (const [index, role] of WORKSPACE_ROLES.entries()) {
    const before = WORKSPACE_ROLES[index - 1];
    expect(WORKSPACE_ROLE_ACTIONS[role]).toEqual(
      expect.arrayContaining(before ? [...WORKSPACE_ROLE_ACTIONS[before]] : []),
    );
  }
  expect(ORGANIZATION_ROLE_ACTIONS.owner).toEqual(expect.arrayContaining([...ORGANIZATION_ROLE_ACTIONS.admin]));
});

test.each([
  ['run:read', 'viewer of the workspace'],
  ['run:force', 'deployer of the workspace'],
  ['member:admin', 'maintainer of the workspace'],
  ['quota:write', 'admin of the organization'],
  ['organization:members', 'admin of the organization'],
  ['organization:owners', 'owner of the organization'],
] as const)('%s takes at least %s', (action, role) => {
  expect(leastRoleFor(action)).toBe(role);
});
