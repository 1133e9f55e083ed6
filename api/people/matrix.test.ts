import { v7 as createId } from 'uuid';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ServedPort } from '#api/serve.ts';
import type { AuditVerification } from '#core/rest-audit.ts';
import type { Database } from '#db/client.ts';
import { addOrganization, addPerson, ask, openPort, type TestOrganization, type TestPerson } from '#test/env/people.ts';
import { useApi } from '#test/env/use-api.ts';
import { listRoutes } from '../routes.ts';

const ROLES = ['owner', 'admin', 'member', 'viewer', 'developer', 'deployer', 'maintainer', 'stranger'] as const;
type Role = (typeof ROLES)[number];

/** Objects made for one request: it may change and remove them. */
interface Targets {
  member: string;
  team: string;
  role: string;
  invitation: string;
  name: string;
}

interface Row {
  /** Who may. Of the others those in acme are refused (403); who cannot see the object is told there is none (404). */
  allowed: readonly Role[];
  method: string;
  path: (targets: Targets) => string;
  body?: (targets: Targets) => unknown;
  headers?: Record<string, string>;
  /** Who may not even see what the path names. */
  blind?: readonly Role[];
}

const everybody = ROLES.slice(0, -1);
const managers = ['owner', 'admin'] as const;
const inShop = ['owner', 'admin', 'viewer', 'developer', 'deployer', 'maintainer'] as const;
const shopAdmins = ['owner', 'admin', 'maintainer'] as const;
const changers = ['owner', 'admin', 'developer', 'deployer', 'maintainer'] as const;
const anyVersion = { 'If-Match': '*' };
/** A member without a role in the workspace does not see it. */
const outside = ['member'] as const;

const TABLE: Record<string, Row> = {
  listMembers: { allowed: everybody, method: 'GET', path: () => 'members?organization=acme' },
  getMember: { allowed: everybody, method: 'GET', path: (t) => `members/${t.member}` },
  changeMember: {
    ...{ allowed: managers, method: 'PATCH', path: (t) => `members/${t.member}`, body: () => ({ role: 'admin' }) },
  },
  removeMember: { allowed: managers, method: 'DELETE', path: (t) => `members/${t.member}` },
  listInvitations: { allowed: managers, method: 'GET', path: () => 'invitations?organization=acme' },
  createInvitation: {
    ...{ allowed: managers, method: 'POST', path: () => 'invitations?organization=acme' },
    body: (t) => ({ email: `${t.name}@example.com`, role: 'member' }),
  },
  revokeInvitation: { allowed: managers, method: 'DELETE', path: (t) => `invitations/${t.invitation}` },
  listTeams: { allowed: everybody, method: 'GET', path: () => 'teams?organization=acme' },
  getTeam: { allowed: everybody, method: 'GET', path: (t) => `teams/${t.team}` },
  createTeam: {
    ...{
      allowed: managers,
      method: 'POST',
      path: () => 'teams?organization=acme',
      body: (t) => ({ name: `${t.name}-x` }),
    },
  },
  changeTeam: {
    ...{ allowed: managers, method: 'PATCH', path: (t) => `teams/${t.team}`, headers: anyVersion },
    body: (t) => ({ name: `${t.name}-y` }),
  },
  deleteTeam: { allowed: managers, method: 'DELETE', path: (t) => `teams/${t.team}` },
  addTeamMember: { allowed: managers, method: 'PUT', path: (t) => `teams/${t.team}/members/acme-viewer` },
  removeTeamMember: { allowed: managers, method: 'DELETE', path: (t) => `teams/${t.team}/members/acme-viewer` },
  listRoles: { allowed: everybody, method: 'GET', path: () => 'roles?organization=acme' },
  getRole: { allowed: everybody, method: 'GET', path: (t) => `roles/${t.role}` },
  createRole: {
    ...{ allowed: managers, method: 'POST', path: () => 'roles?organization=acme' },
    body: (t) => ({ name: `${t.name}-x`, actions: ['run:read'] }),
  },
  changeRole: {
    ...{ allowed: managers, method: 'PATCH', path: (t) => `roles/${t.role}`, headers: anyVersion },
    body: () => ({ actions: ['run:read', 'run:cancel'] }),
  },
  deleteRole: { allowed: managers, method: 'DELETE', path: (t) => `roles/${t.role}` },
  listPermissions: { allowed: ROLES, method: 'GET', path: () => 'permissions' },
  listWorkspaceMembers: {
    ...{ allowed: inShop, method: 'GET', path: () => 'workspaces/acme%2Fshop/members', blind: outside },
  },
  setWorkspaceMember: {
    ...{ allowed: shopAdmins, method: 'PUT', path: (t) => `workspaces/acme%2Fshop/members/team:${t.name}` },
    ...{ body: () => ({ role: 'developer' }), blind: outside },
  },
  removeWorkspaceMember: {
    ...{ allowed: shopAdmins, method: 'DELETE', path: (t) => `workspaces/acme%2Fshop/members/user:${t.name}` },
    blind: outside,
  },
  listWorkspaces: { allowed: ROLES, method: 'GET', path: () => 'workspaces' },
  createWorkspace: {
    ...{
      allowed: managers,
      method: 'POST',
      path: () => 'workspaces?organization=acme',
      body: (t) => ({ name: t.name }),
    },
  },
  getWorkspace: { allowed: inShop, method: 'GET', path: () => 'workspaces/acme%2Fshop', blind: outside },
  changeWorkspace: {
    ...{
      allowed: shopAdmins,
      method: 'PATCH',
      path: () => 'workspaces/acme%2Fshop',
      headers: anyVersion,
      blind: outside,
    },
    body: () => ({ retentionDays: 30 }),
  },
  deleteWorkspace: {
    ...{ allowed: shopAdmins, method: 'DELETE', path: () => 'workspaces/acme%2Fshop', blind: outside },
    body: () => ({ name: 'not its name' }),
  },
  transferWorkspace: {
    ...{ allowed: ['owner'], method: 'POST', path: () => 'workspaces/acme%2Fshop/transfer', blind: outside },
    body: () => ({ organization: 'acme', name: 'not its name' }),
  },
  readIncident: { allowed: inShop, method: 'GET', path: () => 'workspaces/acme%2Fshop/incident', blind: outside },
  pauseRuns: {
    ...{ allowed: changers, method: 'POST', path: () => 'workspaces/acme%2Fshop/pause-runs', blind: outside },
    body: () => ({}),
  },
  resumeRuns: {
    ...{ allowed: changers, method: 'POST', path: () => 'workspaces/acme%2Fshop/resume-runs', blind: outside },
    body: () => ({}),
  },
  listOrganizations: { allowed: ROLES, method: 'GET', path: () => 'organizations' },
  // Operators of the installation alone: the owner of acme is none.
  createOrganization: { allowed: [], method: 'POST', path: () => 'organizations', body: (t) => ({ name: t.name }) },
  getOrganization: { allowed: everybody, method: 'GET', path: () => 'organizations/acme' },
  changeOrganization: {
    ...{
      allowed: managers,
      method: 'PATCH',
      path: () => 'organizations/acme',
      headers: anyVersion,
      body: () => ({ name: 'acme' }),
    },
  },
  deleteOrganization: {
    ...{
      allowed: ['owner'],
      method: 'DELETE',
      path: () => 'organizations/acme',
      body: () => ({ name: 'not its name' }),
    },
  },
  listQuotas: { allowed: inShop, method: 'GET', path: () => 'quotas?workspace=acme/shop', blind: outside },
  getQuota: { allowed: inShop, method: 'GET', path: () => 'quotas/runs-a-day?workspace=acme/shop', blind: outside },
  setQuota: {
    ...{ allowed: managers, method: 'PUT', path: () => 'quotas/runs-a-day?workspace=acme/shop', headers: anyVersion },
    ...{ body: () => ({ limit: 7 }), blind: outside },
  },
  listSettings: { allowed: [], method: 'GET', path: () => 'settings' },
  listAudit: { allowed: managers, method: 'GET', path: () => 'audit?organization=acme' },
  exportAudit: { allowed: managers, method: 'GET', path: () => 'audit/export?organization=acme&format=csv' },
  readAuditChain: { allowed: managers, method: 'GET', path: () => 'audit/chain?organization=acme' },
  verifyAudit: { allowed: managers, method: 'GET', path: () => 'audit/verify?organization=acme' },
};

/** Routes of these tags are other areas' as well: those are not in the table. */
const TAGS = ['people', 'workspaces', 'quotas', 'audit'];

describe('who may administer', () => {
  const useIt = useApi();
  let database: Database;
  let acme: TestOrganization;
  let port: ServedPort;
  const people = {} as Record<Role, TestPerson>;

  beforeAll(async () => {
    const api = useIt();
    ({ database } = api);
    acme = await addOrganization(database, 'acme', ['shop', 'bank']);
    const other = await addOrganization(database, 'other', ['shop']);
    port = await openPort(api.context);
    const shop = acme.workspaces['shop'] ?? '';
    for (const role of ROLES) {
      if (role === 'stranger') {
        people[role] = await addPerson(database, role, { organizationId: other.id, role: 'owner' });
      } else if (role === 'owner' || role === 'admin' || role === 'member') {
        people[role] = await addPerson(database, `acme-${role}`, { organizationId: acme.id, role });
      } else {
        people[role] = await addPerson(database, `acme-${role}`, {
          organizationId: acme.id,
          bindings: { [shop]: role },
        });
      }
    }
  });
  afterAll(() => port.close());

  let count = 0;
  async function createTargets(): Promise<Targets> {
    const name = `target-${++count}`;
    const shop = acme.workspaces['shop'] ?? '';
    const person = await addPerson(database, name, { organizationId: acme.id, bindings: { [shop]: 'viewer' } });
    const [member] = await database<{ id: string }[]>`SELECT id FROM organization_members WHERE user_id = ${person.id}`;
    const [team, role, invitation] = [createId(), createId(), createId()];
    const organizationId = acme.id;
    // An organization has room for a hundred of its own.
    await database`DELETE FROM roles`;
    await database`INSERT INTO teams ${database({ id: team, organizationId, name })}`;
    await database`
      INSERT INTO roles (id, organization_id, name, actions) VALUES (${role}, ${acme.id}, ${name}, '["run:read"]')`;
    await database`
      INSERT INTO invitations (id, organization_id, email, role, bindings, token_hash, invited_by, expires_at)
      VALUES (${invitation}, ${acme.id}, ${name}, 'member', '[]', ${name}, 'user:x', now() + interval '1 day')`;
    return { member: member?.id ?? '', team, role, invitation, name };
  }

  test('the table below has every route of these areas', () => {
    const names = listRoutes(useIt().context)
      .filter((route) => TAGS.includes(route.tag) || route.name === 'listSettings')
      .map(({ name }) => name);
    expect(names.toSorted()).toEqual(Object.keys(TABLE).toSorted());
  });

  const cases = Object.entries(TABLE).flatMap(([name, row]) => ROLES.map((role) => ({ name, row, role })));
  test.each(cases)('$name by $role', async ({ row, role }) => {
    const targets = await createTargets();
    const { status, json } = await ask<{ code?: string } | null>(port, row.method, row.path(targets), {
      ...{ as: people[role], headers: row.headers ?? {} },
      ...(row.body ? { body: row.body(targets) } : {}),
    });
    if (row.allowed.includes(role)) {
      // The two that remove what all tests need are stopped by the name that confirms.
      const isStopped = json?.code === 'name-differs';
      expect(isStopped ? 200 : status, JSON.stringify(json)).toBeLessThan(300);
      return;
    }
    const isForOperators = row.allowed.length === 0;
    const isBlind = !isForOperators && (role === 'stranger' || row.blind?.includes(role));
    expect({ status, code: json?.code }).toEqual(
      isBlind ? { status: 404, code: 'not-found' } : { status: 403, code: 'not-allowed' },
    );
  });

  test('every refused write is in the audit, with who tried', async () => {
    const targets = await createTargets();
    await ask(port, 'DELETE', `members/${targets.member}`, { as: people.viewer });
    const { json } = await ask<{ items: unknown[] }>(
      port,
      'GET',
      `audit?organization=acme&verdict=refused&object=${targets.member}`,
      {
        as: people.owner,
      },
    );
    expect(json.items).toMatchObject([
      {
        ...{ actor: 'user:acme-viewer', action: 'removeMember', code: 'not-allowed', address: '127.0.0.1' },
        object: { kind: 'member', id: targets.member },
      },
    ]);
  });

  test('after all of it the chain is intact', async () => {
    const { json } = await ask<AuditVerification>(port, 'GET', 'audit/verify?organization=acme', { as: people.owner });
    expect(json).toMatchObject({ verdict: 'intact', broken: null });
    expect(json.rows).toBeGreaterThan(50);
  });
});
