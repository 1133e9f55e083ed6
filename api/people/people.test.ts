import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type {
  InvitationObject,
  MemberObject,
  NewInvitationObject,
  RoleObject,
  TeamObject,
} from '#core/rest-members.ts';
import type { MeObject } from '#core/rest-sign-in.ts';
import type { Page } from '#core/rest.ts';
import type { Database } from '#db/client.ts';
import { addOrganization, addPerson, ask, openPort, type TestOrganization, type TestPerson } from '#test/env/people.ts';
import { useApi } from '#test/env/use-api.ts';
import type { ServedPort } from '../serve.ts';
import { acceptInvitation } from './accept-invitation.ts';

const anyVersion = { 'If-Match': '*' };
const refused = (code: string) => ({ status: 403, json: { code } });

describe('people of an organization', () => {
  const useIt = useApi();
  let database: Database;
  let port: ServedPort;
  let count = 0;
  let acme: TestOrganization;
  let shop: string;
  let owner: TestPerson;
  let admin: TestPerson;
  let bo: TestPerson;
  /** What this test's names end with: accounts belong to the installation. */
  let n: string;

  beforeAll(async () => {
    ({ database } = useIt());
    port = await openPort(useIt().context);
  });
  beforeEach(async () => {
    n = String(++count);
    acme = await addOrganization(database, `acme${n}`, ['shop', 'bank']);
    shop = acme.workspaces['shop'] ?? '';
    owner = await addPerson(database, `ann${n}`, { organizationId: acme.id, role: 'owner' });
    admin = await addPerson(database, `ada${n}`, { organizationId: acme.id, role: 'admin' });
    bo = await addPerson(database, `bo${n}`, { organizationId: acme.id, bindings: { [shop]: 'developer' } });
  });
  afterAll(() => port.close());

  const as = (person: { bearer: string }, method: string, path: string, body?: unknown, headers = anyVersion) =>
    ask<Record<string, unknown>>(port, method, path, { as: person, headers, ...(body === undefined ? {} : { body }) });
  const me = async (person: TestPerson) => (await ask<MeObject>(port, 'GET', 'me', { as: person })).json.organizations;
  const member = (person: TestPerson) => `members/acme${n}%2F${person.name}`;
  const holder = (principal: string) => `workspaces/acme${n}%2Fshop/members/${principal}`;
  /** An API token of somebody, with these rights over the organization. */
  const createToken = async (person: TestPerson, scopes: string[]) => {
    const { json } = await as(person, 'POST', 'tokens', { name: `t${n}`, scopes, expiresInDays: 1 });
    return { bearer: String(json['token']) };
  };

  describe('members', () => {
    test('the last owner is neither removed nor made less', async () => {
      const last = { status: 409, json: { code: 'last-owner' } };
      expect(await as(owner, 'DELETE', member(owner))).toMatchObject(last);
      expect(await as(owner, 'PATCH', member(owner), { role: 'admin' })).toMatchObject(last);
      expect((await as(owner, 'PATCH', member(admin), { role: 'owner' })).status).toBe(200);
      expect((await as(owner, 'DELETE', member(owner))).status).toBe(204);
      expect(await me(owner)).toEqual([]);
    });

    test('an owner who cannot sign in does not count as one', async () => {
      await as(owner, 'PATCH', member(admin), { role: 'owner' });
      await database`UPDATE users SET disabled_at = now() WHERE id = ${admin.id}`;
      expect(await as(owner, 'DELETE', member(owner))).toMatchObject({ json: { code: 'last-owner' } });
    });

    test('only owners make, change and remove owners', async () => {
      expect(await as(admin, 'DELETE', member(owner))).toMatchObject(refused('not-allowed'));
      expect(await as(admin, 'PATCH', member(owner), { role: 'member' })).toMatchObject(refused('not-allowed'));
      expect(await as(admin, 'PATCH', member(admin), { role: 'owner' })).toMatchObject(refused('not-allowed'));
      expect(await as(admin, 'PATCH', member(bo), { role: 'owner' })).toMatchObject(refused('not-allowed'));
      const { json } = await ask<MemberObject>(port, 'GET', member(owner), { as: admin });
      expect(json.can.remove).toMatchObject({
        code: 'not-allowed',
        no: expect.stringContaining('organization:owners'),
      });
    });

    test('of two admins who remove each other at once one stays', async () => {
      for (let round = 0; round < 5; round += 1) {
        const pair = await Promise.all(
          ['x', 'y'].map((name) =>
            addPerson(database, `${name}${n}-${round}`, { organizationId: acme.id, role: 'admin' }),
          ),
        );
        const [x, y] = pair as [TestPerson, TestPerson];
        const answers = await Promise.all([as(x, 'DELETE', member(y)), as(y, 'DELETE', member(x))]);
        expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)[0]).toBe(204);
        const left = await database`SELECT FROM organization_members WHERE user_id IN (${x.id}, ${y.id})`;
        expect(left).toHaveLength(1);
      }
    });

    test('who is removed loses roles, teams, tokens and invitations with the same request', async () => {
      await as(owner, 'PATCH', member(bo), { role: 'admin' });
      const token = await createToken(bo, ['organization:read', 'run:read']);
      await as(owner, 'POST', 'teams', { name: 'sre' });
      await as(owner, 'PUT', `teams/acme${n}%2Fsre/members/${bo.name}`);
      await as(bo, 'POST', 'invitations', { email: 'eve@example.com', role: 'admin' });
      expect((await as(token, 'GET', 'members')).status).toBe(200);
      expect((await as(owner, 'DELETE', member(bo))).status).toBe(204);
      expect((await as(token, 'GET', 'members')).status).toBe(401);
      expect((await as(bo, 'GET', 'members')).status).toBe(404);
      expect(await me(bo)).toEqual([]);
      const { json } = await ask<Page<InvitationObject>>(port, 'GET', 'invitations', { as: owner });
      expect(json.items).toMatchObject([{ email: 'eve@example.com', state: 'revoked' }]);
      const [team] = (await ask<Page<TeamObject>>(port, 'GET', 'teams', { as: owner })).json.items;
      expect(team?.members).toEqual([]);
      const audit = await ask<Page<unknown>>(port, 'GET', 'audit?action=member.remove', { as: owner });
      expect(audit.json.items).toMatchObject([
        {
          ...{ actor: `user:${owner.name}`, object: { kind: 'member', name: bo.name } },
          detail: { revokedTokens: [`t${n}`], revokedInvitations: ['eve@example.com'] },
        },
      ]);
    });

    test('addresses and last visits are shown to those who manage members', async () => {
      const shown = async (person: TestPerson) =>
        (await ask<Page<MemberObject>>(port, 'GET', 'members', { as: person })).json.items.map(
          ({ user }) => user.email,
        );
      expect(await shown(bo)).toEqual([null, null, null]);
      expect(await shown(admin)).toContain(`${bo.name}@example.com`);
    });

    test('pages of a list join without a gap', async () => {
      const names: string[] = [];
      let path: string | null = 'members?limit=2';
      while (path) {
        const page: Page<MemberObject> = (await ask<Page<MemberObject>>(port, 'GET', path, { as: owner })).json;
        names.push(...page.items.map(({ user }) => user.name));
        path = page.next && `members?limit=2&cursor=${page.next}`;
      }
      expect(names).toEqual([bo.name, admin.name, owner.name]);
    });
  });

  describe('nobody grants what they lack', () => {
    test('by a role of the organization', async () => {
      const token = await createToken(admin, ['organization:read', 'organization:members', 'run:read']);
      expect(await as(token, 'PATCH', member(bo), { role: 'admin' })).toMatchObject(refused('grant-exceeds'));
      expect(await as(token, 'POST', 'invitations', { email: 'e@example.com', role: 'admin' })).toMatchObject(
        refused('grant-exceeds'),
      );
      const audit = await ask<Page<unknown>>(port, 'GET', 'audit?verdict=refused', { as: owner });
      expect(audit.json.items).toMatchObject([
        { action: 'createInvitation', actor: `token:t${n}`, code: 'grant-exceeds' },
        { action: 'changeMember', object: { kind: 'member' }, code: 'grant-exceeds' },
      ]);
    });

    test('by a role in a workspace, a preset or one of its own', async () => {
      await as(owner, 'POST', 'roles', { name: 'people', actions: ['run:read', 'member:admin'] });
      await as(owner, 'POST', 'roles', { name: 'keys', actions: ['secret:write'] });
      expect((await as(owner, 'PUT', holder(`user:${bo.name}`), { role: 'people' })).status).toBe(200);
      expect(await as(bo, 'PUT', holder(`user:${bo.name}`), { role: 'maintainer' })).toMatchObject(
        refused('grant-exceeds'),
      );
      expect(await as(bo, 'PUT', holder(`user:${bo.name}`), { role: 'keys' })).toMatchObject(refused('grant-exceeds'));
      expect((await as(bo, 'PUT', holder(`user:${admin.name}`), { role: 'viewer' })).status).toBe(200);
      const maintainer = await addPerson(database, `max${n}`, {
        organizationId: acme.id,
        bindings: { [shop]: 'maintainer' },
      });
      await as(owner, 'POST', 'roles', { name: 'shares', actions: ['quota:write'] });
      expect(await as(maintainer, 'PUT', holder(`user:${bo.name}`), { role: 'shares' })).toMatchObject(
        refused('grant-exceeds'),
      );
    });

    test('by a role that is changed after it was given', async () => {
      const token = await createToken(admin, ['organization:read', 'organization:members', 'run:read']);
      await as(owner, 'POST', 'roles', { name: 'mine', actions: ['run:read'] });
      await as(owner, 'PUT', holder(`user:${bo.name}`), { role: 'mine' });
      const changed = await as(token, 'PATCH', `roles/acme${n}%2Fmine`, { actions: ['run:read', 'secret:write'] });
      expect(changed).toMatchObject(refused('grant-exceeds'));
      expect((await as(token, 'PATCH', `roles/acme${n}%2Fmine`, { actions: ['run:read'] })).status).toBe(200);
    });

    test('by a team, nor by a team above it', async () => {
      const token = await createToken(admin, ['organization:read', 'organization:members', 'run:read']);
      await as(owner, 'POST', 'teams', { name: 'top' });
      await as(owner, 'POST', 'teams', { name: 'inner', parent: 'top' });
      await as(owner, 'POST', 'teams', { name: 'aside' });
      await as(owner, 'PUT', holder('team:top'), { role: 'maintainer' });
      for (const team of ['top', 'inner']) {
        const path = `teams/acme${n}%2F${team}/members/${bo.name}`;
        expect(await as(token, 'PUT', path)).toMatchObject(refused('grant-exceeds'));
      }
      expect(await as(token, 'PATCH', `teams/acme${n}%2Faside`, { parent: 'inner' })).toMatchObject(
        refused('grant-exceeds'),
      );
      expect(await as(token, 'POST', 'teams', { name: 'low', parent: 'inner' })).toMatchObject(
        refused('grant-exceeds'),
      );
      expect((await as(token, 'PUT', `teams/acme${n}%2Faside/members/${bo.name}`)).status).toBe(204);
    });

    test('by an invitation to a workspace', async () => {
      const token = await createToken(admin, ['organization:read', 'organization:members', 'run:read']);
      const invite = (role: string, workspace = `acme${n}/shop`) =>
        as(token, 'POST', 'invitations', {
          ...{ email: 'e@example.com', role: 'member', workspaces: [{ workspace, role }] },
        });
      expect(await invite('maintainer')).toMatchObject(refused('grant-exceeds'));
      expect(await invite('nothing')).toMatchObject({ status: 422, json: { code: 'role-unknown' } });
      expect(await invite('viewer', 'main/main')).toMatchObject({ status: 422, json: { code: 'workspace-unknown' } });
      expect((await invite('viewer')).status).toBe(201);
    });

    test('by an API token', async () => {
      const scopes = ['run:read', 'secret:write'];
      const body = { name: 'up', scopes, expiresInDays: 1 };
      expect((await as(bo, 'POST', `tokens?workspace=acme${n}/shop`, body)).status).toBe(403);
    });
  });

  describe('teams', () => {
    test('who is in a team has what the teams above it have', async () => {
      await as(owner, 'POST', 'teams', { name: 'ops' });
      await as(owner, 'POST', 'teams', { name: 'sre', parent: 'ops' });
      await as(owner, 'PUT', holder('team:ops'), { role: 'deployer' });
      await as(owner, 'PUT', `teams/acme${n}%2Fsre/members/${bo.name}`);
      const [organization] = await me(bo);
      expect(organization?.workspaces[0]?.actions).toContain('environment:write');
      await as(owner, 'DELETE', holder('team:ops'));
      expect((await me(bo))[0]?.workspaces[0]?.actions).not.toContain('environment:write');
    });

    test('a team is no part of itself, and five levels are the most', async () => {
      await as(owner, 'POST', 'teams', { name: 'l1' });
      for (const level of [2, 3, 4, 5]) {
        const made = await as(owner, 'POST', 'teams', { name: `l${level}`, parent: `l${level - 1}` });
        expect(made.status).toBe(201);
      }
      const deep = await as(owner, 'POST', 'teams', { name: 'l6', parent: 'l5' });
      expect(deep).toMatchObject({ status: 422, json: { code: 'team-too-deep' } });
      expect((await as(owner, 'GET', `teams/acme${n}%2Fl6`)).status).toBe(404);
      for (const parent of ['l1', 'l3']) {
        const turned = await as(owner, 'PATCH', `teams/acme${n}%2Fl1`, { parent });
        expect(turned).toMatchObject({ status: 422, json: { code: 'team-cycle' } });
      }
      await as(owner, 'POST', 'teams', { name: 'two' });
      await as(owner, 'POST', 'teams', { name: 'levels', parent: 'two' });
      const moved = await as(owner, 'PATCH', `teams/acme${n}%2Ftwo`, { parent: 'l4' });
      expect(moved).toMatchObject({ status: 422, json: { code: 'team-too-deep' } });
      expect((await as(owner, 'PATCH', `teams/acme${n}%2Ftwo`, { parent: 'l3' })).status).toBe(200);
    });

    test('two teams that are put below each other at once make no circle', async () => {
      await as(owner, 'POST', 'teams', { name: 'left' });
      await as(owner, 'POST', 'teams', { name: 'right' });
      const answers = await Promise.all([
        as(owner, 'PATCH', `teams/acme${n}%2Fleft`, { parent: 'right' }),
        as(owner, 'PATCH', `teams/acme${n}%2Fright`, { parent: 'left' }),
      ]);
      expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 422]);
    });

    test('a team that others are part of stays', async () => {
      await as(owner, 'POST', 'teams', { name: 'up' });
      await as(owner, 'POST', 'teams', { name: 'down', parent: 'up' });
      const kept = await as(owner, 'DELETE', `teams/acme${n}%2Fup`);
      expect(kept).toMatchObject({ status: 409, json: { code: 'team-has-teams' } });
      expect((await as(owner, 'DELETE', `teams/acme${n}%2Fdown`)).status).toBe(204);
      expect((await as(owner, 'DELETE', `teams/acme${n}%2Fup`)).status).toBe(204);
    });

    test('only members of the organization are in its teams and workspaces', async () => {
      const eve = await addPerson(database, `eve${n}`);
      await as(owner, 'POST', 'teams', { name: 'own' });
      expect((await as(owner, 'PUT', `teams/acme${n}%2Fown/members/${eve.name}`)).status).toBe(404);
      expect((await as(owner, 'PUT', holder(`user:${eve.name}`), { role: 'viewer' })).status).toBe(404);
      expect((await as(owner, 'PUT', holder(eve.name), { role: 'viewer' })).status).toBe(404);
    });

    test('a change needs the version it was made on, and a name is there once', async () => {
      const made = await ask<TeamObject>(port, 'POST', 'teams', { as: owner, body: { name: 'one' } });
      expect(made.headers.get('etag')).toBe('"1"');
      await as(owner, 'POST', 'teams', { name: 'other' });
      const path = `teams/${made.json.id}`;
      expect(await as(owner, 'PATCH', path, { name: 'uno' }, {} as never)).toMatchObject({ status: 428 });
      expect(await as(owner, 'PATCH', path, { name: 'uno' }, { 'If-Match': '"2"' })).toMatchObject({
        status: 412,
        json: { present: { name: 'one' } },
      });
      expect(await as(owner, 'PATCH', path, { name: 'other' })).toMatchObject({ json: { code: 'name-taken' } });
      expect(await as(owner, 'POST', 'teams', { name: 'other' })).toMatchObject({ json: { code: 'name-taken' } });
      const changed = await as(owner, 'PATCH', path, { name: 'uno' }, { 'If-Match': '"1"' });
      expect(changed.headers.get('etag')).toBe('"2"');
      for (const name of ['', 'Sre', '-a', 'a/b', 'a\nb', 'x'.repeat(40), made.json.id]) {
        expect((await as(owner, 'POST', 'teams', { name })).status).toBe(422);
      }
    });
  });

  describe('roles', () => {
    test('a role of its own gives its actions, whoever has it, as it is now', async () => {
      const made = await ask<RoleObject>(port, 'POST', 'roles', {
        as: owner,
        body: { name: 'caller', actions: ['run:read', 'run:trigger'] },
      });
      expect(made.json).toMatchObject({ kind: 'own', version: 1, can: { update: true } });
      await as(owner, 'PUT', holder(`user:${bo.name}`), { role: 'caller' });
      expect((await me(bo))[0]?.workspaces[0]?.actions).toEqual(['run:read', 'run:trigger']);
      await as(owner, 'PATCH', `roles/${made.json.id}`, { actions: ['run:read'] });
      expect((await me(bo))[0]?.workspaces[0]?.actions).toEqual(['run:read']);
      const kept = await as(owner, 'DELETE', `roles/${made.json.id}`);
      expect(kept).toMatchObject({ status: 409, json: { code: 'role-in-use' } });
      await as(owner, 'DELETE', holder(`user:${bo.name}`));
      expect((await as(owner, 'DELETE', `roles/${made.json.id}`)).status).toBe(204);
    });

    test('presets are no names for others, and unknown actions none', async () => {
      for (const name of ['viewer', 'owner', 'Own']) {
        expect((await as(owner, 'POST', 'roles', { name, actions: ['run:read'] })).status).toBe(422);
      }
      for (const actions of [[], ['run:fly'], ['organization:owners'], ['run:read', 'run:read']]) {
        expect((await as(owner, 'POST', 'roles', { name: 'odd', actions })).status).toBe(422);
      }
    });
  });

  describe('invitations', () => {
    const invite = async (body: object) =>
      (await ask<NewInvitationObject>(port, 'POST', 'invitations', { as: admin, body })).json;
    const accept = (link: string, person: TestPerson) =>
      database.begin((transaction) =>
        acceptInvitation(transaction, link.split('token=')[1] ?? '', person, {
          ...{ actor: `user:${person.name}`, address: '192.0.2.1', requestId: 'r' },
        }),
      );

    test('an invitation makes a member with the roles it names, once', async () => {
      const workspaces = [{ workspace: `acme${n}/shop`, role: 'viewer' }];
      const { link, ...invitation } = await invite({ email: 'Eve@Example.com', role: 'member', workspaces });
      expect(invitation).toMatchObject({ email: 'eve@example.com', state: 'open', workspaces });
      const eve = await addPerson(database, `eve${n}`);
      await accept(link, eve);
      expect(await me(eve)).toMatchObject([{ role: 'member', workspaces: [{ name: 'shop', actions: ['run:read'] }] }]);
      await expect(accept(link, await addPerson(database, `eva${n}`))).rejects.toMatchObject({
        problem: { code: 'invitation-closed', status: 404 },
      });
    });

    test('its link is told once and is in no table', async () => {
      const { link, id } = await invite({ email: 'e@example.com', role: 'member' });
      const token = link.split('token=')[1] ?? '';
      expect(token.length).toBeGreaterThan(40);
      const rows = await database`
        SELECT (SELECT json_agg(invitations) FROM invitations) AS a, (SELECT json_agg(audit_events) FROM audit_events) AS b,
          (SELECT json_agg(idempotency_keys) FROM idempotency_keys) AS c`;
      expect(JSON.stringify(rows)).toContain(id);
      expect(JSON.stringify(rows)).not.toContain(token);
    });

    test('an invitation that was replaced, withdrawn or is too old is closed', async () => {
      const eve = await addPerson(database, `eve${n}`);
      const closed = { problem: { code: 'invitation-closed' } };
      const first = await invite({ email: 'e@example.com', role: 'admin' });
      const second = await invite({ email: 'e@example.com', role: 'member' });
      await expect(accept(first.link, eve)).rejects.toMatchObject(closed);
      expect((await as(admin, 'DELETE', `invitations/${second.id}`)).status).toBe(204);
      expect(await as(admin, 'DELETE', `invitations/${second.id}`)).toMatchObject({ status: 409 });
      await expect(accept(second.link, eve)).rejects.toMatchObject(closed);
      const third = await invite({ email: 'e@example.com', role: 'member' });
      await database`UPDATE invitations SET expires_at = now() WHERE id = ${third.id}`;
      await expect(accept(third.link, eve)).rejects.toMatchObject(closed);
      expect(await me(eve)).toEqual([]);
    });

    test('it lowers nobody, and what its maker lost it does not give', async () => {
      const { link } = await invite({ email: 'a@example.com', role: 'member' });
      await accept(link, owner);
      expect((await me(owner))[0]?.role).toBe('owner');
      const high = await invite({ email: 'e@example.com', role: 'admin' });
      await as(owner, 'PATCH', member(admin), { role: 'member' });
      await expect(accept(high.link, bo)).rejects.toMatchObject({ problem: { code: 'invitation-closed' } });
    });

    test('the same invitation taken twice at once joins one', async () => {
      const { link } = await invite({ email: 'e@example.com', role: 'member' });
      const people = [await addPerson(database, `e1-${n}`), await addPerson(database, `e2-${n}`)];
      const taken = await Promise.allSettled(people.map((person) => accept(link, person)));
      expect(taken.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    });
  });
});
