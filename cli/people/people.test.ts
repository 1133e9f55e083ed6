import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { useServer } from '#test/env/use-server.ts';
import { openServerHome, type ServerHome } from '../testing/server-home.ts';

vi.setConfig({ testTimeout: 60_000 });

const VALUE = 'correct horse battery staple';

describe('secrets, tokens, people and audit of a server', () => {
  const use = useServer();
  let home: ServerHome;
  beforeAll(() => {
    const { ann, bo } = use().people;
    home = openServerHome(use().port, { ann, bo }, 'acme/shop');
  });
  afterAll(() => home.close());

  test('a secret is set from stdin and from a file, listed without its value, and deleted with a yes', async () => {
    const set = await home.as('ann', ['secrets', 'set', 'NPM_TOKEN'], { input: `${VALUE}\n` });
    expect(set).toMatchObject({ exit: 0, stdout: '', stderr: 'NPM_TOKEN of acme/shop is at version 1.\n' });
    home.write('short', 'abc');
    const again = await home.as('ann', 'secrets', 'set', 'NPM_TOKEN', '--from-file', 'short', '-o', 'json');
    expect(JSON.parse(again.stdout)).toMatchObject({ name: 'NPM_TOKEN', version: 2 });
    expect(again.stderr).toContain('cannot be masked');
    const list = await home.as('bo', 'secrets', 'list');
    expect(list.stdout).toMatch(/^secret +version +state +scope .*\nNPM_TOKEN +2 +enabled +acme\/shop /);
    expect((await home.as('bo', 'secrets', 'list', '-o', 'name')).stdout).toBe('NPM_TOKEN\n');
    expect(await home.as('bo', 'secrets', 'access', 'NPM_TOKEN')).toMatchObject({ exit: 0, stdout: '' });
    expect(await home.as('ann', 'secrets', 'set', 'NPM_TOKEN')).toMatchObject({ exit: 2 });
    expect(await home.as('bo', ['secrets', 'set', 'OTHER'], { input: VALUE })).toMatchObject({ exit: 4 });
    expect(await home.as('ann', 'secrets', 'delete', 'NPM_TOKEN', '--env', 'production')).toMatchObject({ exit: 5 });
    expect(await home.as('ann', 'secrets', 'delete', 'NPM_TOKEN')).toMatchObject({
      exit: 2,
      stderr: expect.stringContaining('--yes'),
    });
    expect(await home.as('ann', 'secrets', 'delete', 'NPM_TOKEN', '--yes')).toMatchObject({ exit: 0 });
    expect(await home.as('ann', 'secrets', 'list', '-o', 'json')).toMatchObject({ exit: 0, stdout: '[]\n' });
  });

  test('in a terminal a secret is asked for, and nothing of it is shown', async () => {
    const { exit, raw } = await home.runInTerminal(['secrets', 'set', 'TYPED'], {
      environment: home.environmentOf('ann'),
      keys: [{ when: 'Value of TYPED: ', type: `${VALUE}x\u007f\r` }],
    });
    expect(exit).toBe(0);
    expect(raw).toContain('TYPED of acme/shop is at version 1.');
    expect(raw).not.toContain('horse');
    await home.runInTerminal(['secrets', 'set', 'TYPED'], {
      environment: home.environmentOf('ann'),
      keys: [{ when: 'Value of TYPED: ', type: '\u0003' }],
    });
    const { stdout } = await home.as('ann', 'secrets', 'list', '-o', 'ndjson', '--fields', 'name,version');
    expect(stdout).toContain('{"name":"TYPED","version":1}\n');
  });

  test('a token is printed once, works, and is revoked by its name', async () => {
    expect(await home.as('ann', 'tokens', 'create', 'ci')).toMatchObject({ exit: 2 });
    const created = await home.as('ann', 'tokens', 'create', 'ci', '--scope', 'run:read', '--expires-in', '30d');
    expect(created).toMatchObject({ exit: 0, stdout: expect.stringMatching(/^bi_\w+\n$/) });
    const environment = { BUILDIT_TOKEN: created.stdout.trim() };
    expect((await home.as('ann', ['whoami', '-o', 'name'], { environment })).stdout).toBe('token:ci\n');
    expect((await home.as('ann', 'tokens', 'list')).stdout).toMatch(/^token +of .*\nci +acme\/shop .* run:read\n$/);
    expect(await home.as('ann', 'tokens', 'revoke', 'cj')).toMatchObject({
      exit: 5,
      stderr: expect.stringContaining('did you mean "ci"?'),
    });
    expect(await home.as('ann', 'tokens', 'revoke', 'ci')).toMatchObject({ exit: 0 });
    expect(await home.as('ann', ['whoami'], { environment })).toMatchObject({ exit: 4 });
  });

  test('members are listed, invited, given a role and removed', async () => {
    expect((await home.as('bo', 'members', 'list', '-o', 'name')).stdout.split('\n')).toEqual(
      expect.arrayContaining(['ann', 'bo', 'vic']),
    );
    const invited = await home.as('ann', 'members', 'invite', 'dee@example.com', '--role', 'admin');
    expect(invited).toMatchObject({ exit: 0, stdout: expect.stringMatching(/^http:.*\/invitation\?token=\S+\n$/) });
    expect(await home.as('ann', 'members', 'role', 'vic', 'admim')).toMatchObject({ exit: 2 });
    expect(await home.as('ann', 'members', 'role', 'vic', 'admin')).toMatchObject({
      stderr: 'vic is admin of acme.\n',
    });
    expect(await home.as('ann', 'members', 'role', 'bo', 'maintainer')).toMatchObject({
      exit: 0,
      stderr: 'user:bo is maintainer of acme/shop.\n',
    });
    expect(await home.as('ann', 'members', 'role', 'bo', 'developer', '-o', 'name')).toMatchObject({
      stdout: 'user:bo\n',
    });
    expect(await home.as('ann', 'members', 'role', 'bo', 'devloper')).toMatchObject({ exit: 2 });
    const developer = await home.as('ann', 'members', 'invite', 'eve@example.com', '--role', 'developer', '-o', 'json');
    expect(JSON.parse(developer.stdout)).toMatchObject({
      role: 'member',
      workspaces: [{ workspace: 'acme/shop', role: 'developer' }],
    });
    expect(await home.as('bo', 'members', 'remove', 'vic', '--yes')).toMatchObject({ exit: 4 });
    expect(await home.as('ann', 'members', 'remove', 'vic', '--yes')).toMatchObject({ exit: 0 });
    expect(await home.as('ann', 'members', 'remove', 'ann', '--yes')).toMatchObject({ exit: 9 });
  });

  test('an environment is locked with a reason that everybody sees', async () => {
    await use().ann('POST', '/environments?workspace=acme/shop', { name: 'production' });
    expect(await home.as('ann', 'environments', 'lock', 'production')).toMatchObject({ exit: 2 });
    expect(await home.as('ann', 'environments', 'lock', 'production', '--reason', 'move')).toMatchObject({ exit: 0 });
    expect((await home.as('bo', 'environments', 'list', '--fields', 'environment,state,by,reason')).stdout).toBe(
      'environment  state   by        reason\nproduction   locked  user:ann  move\n',
    );
    expect(await home.as('ann', 'environments', 'lock', 'production', '--reason', 'x')).toMatchObject({ exit: 9 });
    expect(await home.as('ann', 'environments', 'unlock', 'production', '--reason', 'done')).toMatchObject({ exit: 0 });
    expect((await home.as('bo', 'environments', 'show', 'production', '-o', 'yaml')).stdout).toContain('lock: null\n');
  });

  test('the audit has it all and is whole; a changed row is named with exit 1', async () => {
    const list = await home.as('ann', 'audit', 'list', '--all', '-o', 'ndjson', '--fields', 'action,verdict');
    expect(list.stdout).toContain('{"action":"secret.create","verdict":"done"}\n');
    expect(list.stdout + list.stderr).not.toContain(VALUE);
    expect((await home.as('ann', 'audit', 'verify')).stdout).toMatch(
      /^intact: \d+ rows, the last is \d+ with \w{64}\n$/,
    );
    expect(await home.as('bo', 'audit', 'verify')).toMatchObject({ exit: 4 });
    await use().api.database.begin(async (transaction) => {
      // As somebody would who has the whole database.
      await transaction`SET LOCAL session_replication_role = replica`;
      await transaction`
        UPDATE audit_events SET actor = 'user:eve' WHERE seq = 2 AND organization_id = ${use().acme.id}`;
    });
    expect(await home.as('ann', 'audit', 'verify')).toMatchObject({
      exit: 1,
      stdout: expect.stringContaining('broken at 2: altered'),
    });
  });

  test('what the server wants to know is said in flags', async () => {
    const environment = { BUILDIT_TENANT: '' };
    const refused = await home.as('ann', ['secrets', 'list', '-o', 'json'], { environment });
    expect(refused).toMatchObject({ exit: 2, stdout: '' });
    expect(JSON.parse(refused.stderr)).toMatchObject({
      code: 'workspace-missing',
      hint: expect.stringMatching(/^say which: --workspace acme\/\w+ or acme\/\w+; or once for all/),
    });
  });

  test('an inbox with nothing says so', async () => {
    expect(await home.as('bo', 'inbox')).toMatchObject({ exit: 0, stdout: '' });
    expect(JSON.parse((await home.as('bo', 'inbox', '-o', 'json')).stdout)).toMatchObject({ waiting: [], broken: [] });
  });
});
