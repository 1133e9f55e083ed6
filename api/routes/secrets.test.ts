import { describe, expect, test } from 'vitest';
import type { SecretObject } from '#core/rest-secrets.ts';
import type { Ask } from '#test/env/ask.ts';
import { useServer } from '#test/env/use-server.ts';

const PIPELINE = `pipeline "deploys"
stage "ship" { image "busybox:1.37"; secret "TOKEN"; run "true" }
`;

describe('secrets', () => {
  const use = useServer();
  const SHOP = '?workspace=acme/shop';

  const create = async (ask: Ask, body: object, query = SHOP): Promise<SecretObject> => {
    const answer = await ask('POST', `/secrets${query}`, body);
    expect(answer).toMatchObject({ status: 201 });
    return answer.body;
  };
  const ifMatch = (tag: number | string) => ({ 'If-Match': `"${tag}"` });

  test('a new secret is listed with its name and place, and never with its value', async () => {
    const { ann, bo } = use();
    const made = await create(ann, { name: 'LISTED', value: 'value of listed' });
    expect(made).toMatchObject({
      ...{ name: 'LISTED', version: 1, enabled: true, lastUsed: null, updatedBy: 'user:ann', notices: [] },
      ...{ scope: { kind: 'workspace', workspace: 'acme/shop' }, can: { write: true } },
    });
    const { body } = await bo('GET', `/secrets${SHOP}&name=LISTED`);
    expect(body.items).toMatchObject([{ id: made.id, can: { write: { code: 'not-allowed' } } }]);
    expect(body.items[0]).not.toHaveProperty('notices');
    expect((await bo('GET', `/secrets/${made.id}`)).headers.get('etag')).toBe('"1"');
  });

  test('a secret may be of an environment, a pipeline or the whole organization', async () => {
    const { ann, api, acme } = use();
    await ann('POST', `/pipelines${SHOP}`, { name: 'scoped', text: PIPELINE });
    await api.database`INSERT INTO environments (id, workspace_id, name)
      VALUES (gen_random_uuid(), ${acme.workspaces['shop'] ?? ''}, 'live')`;
    const name = 'SCOPED';
    const scopes = [
      [
        { kind: 'pipeline', pipeline: 'scoped' },
        { kind: 'pipeline', workspace: 'acme/shop', pipeline: 'scoped' },
      ],
      [
        { kind: 'environment', environment: 'live' },
        { kind: 'environment', environment: 'live' },
      ],
      [{ kind: 'workspace' }, { kind: 'workspace', workspace: 'acme/shop' }],
      [{ kind: 'organization' }, { kind: 'organization', organization: 'acme' }],
    ];
    for (const [scope, shown] of scopes) {
      expect(await create(ann, { name, value: 'a value', scope })).toMatchObject({ scope: shown });
      expect(await ann('POST', `/secrets${SHOP}`, { name, value: 'x', scope })).toMatchObject({
        status: 409,
        body: { code: 'secret-exists' },
      });
    }
    expect((await ann('GET', `/secrets${SHOP}&name=SCOPED`)).body.items).toHaveLength(4);
    // Of another workspace only what the organization gives it.
    const inBank = await ann('GET', '/secrets?workspace=acme/bank&name=SCOPED');
    expect(inBank.body.items).toMatchObject([{ scope: { kind: 'organization' } }]);
    for (const [kind, scope] of [
      ['pipeline', { kind: 'pipeline', pipeline: 'none' }] as const,
      ['environment', { kind: 'environment', environment: 'none' }] as const,
    ]) {
      const refused = await ann('POST', `/secrets${SHOP}`, { name, value: 'x', scope });
      expect(refused).toMatchObject({ status: 422, body: { errors: [{ pointer: `/scope/${kind}` }] } });
    }
  });

  test('developers see names and set nothing; viewers and strangers see none', async () => {
    const { ann, bo, vic, mallory } = use();
    const { id } = await create(ann, { name: 'GUARDED', value: 'guarded value' });
    const ofAll = await create(ann, { name: 'OF_ALL', value: 'x', scope: { kind: 'organization' } });
    expect(await vic('GET', `/secrets${SHOP}`)).toMatchObject({ status: 403 });
    for (const [method, path, body] of [
      ['PUT', `/secrets/${id}`, { value: 'y' }],
      ['PATCH', `/secrets/${id}`, { enabled: false }],
      ['POST', `/secrets/${id}/restore`, { version: 1 }],
      ['DELETE', `/secrets/${id}`, {}],
    ] as const) {
      expect(await bo(method, path, body, ifMatch(1))).toMatchObject({ status: 403 });
      expect(await mallory(method, path, body, ifMatch(1))).toMatchObject({ status: 404 });
      expect(await bo(method, path.replace(id, ofAll.id), body, ifMatch(1))).toMatchObject({ status: 403 });
    }
    const maintainer = await ann('GET', `/secrets/${ofAll.id}`);
    expect(maintainer.body.can.write).toBe(true);
    expect(await bo('POST', `/secrets${SHOP}`, { name: 'MINE', value: 'x' })).toMatchObject({ status: 403 });
  });

  test('a change names the state it was made against', async () => {
    const { ann } = use();
    const { id } = await create(ann, { name: 'VERSIONED', value: 'value one' });
    expect(await ann('PUT', `/secrets/${id}`, { value: 'two' })).toMatchObject({
      status: 428,
      body: { code: 'precondition-missing' },
    });
    const second = await ann('PUT', `/secrets/${id}`, { value: 'value two' }, ifMatch(1));
    expect(second).toMatchObject({ status: 200, body: { version: 2, seq: 2 } });
    const stale = await ann('PUT', `/secrets/${id}`, { value: 'planted-stale' }, ifMatch(1));
    expect(stale).toMatchObject({
      status: 412,
      body: { code: 'changed-meanwhile', changedBy: 'user:ann', present: { version: 2 } },
    });
    const off = await ann('PATCH', `/secrets/${id}`, { enabled: false }, ifMatch(2));
    expect(off).toMatchObject({ status: 200, body: { version: 2, seq: 3, enabled: false } });
    const restored = await ann('POST', `/secrets/${id}/restore`, { version: 1 }, ifMatch(3));
    expect(restored).toMatchObject({ status: 200, body: { version: 3, enabled: false } });
    const versions = await ann('GET', `/secrets/${id}/versions`);
    expect(versions.body.items).toMatchObject([
      { version: 3, current: true, createdBy: 'user:ann' },
      { version: 2, current: false },
      { version: 1, current: false },
    ]);
    expect(await ann('POST', `/secrets/${id}/restore`, { version: 9 }, ifMatch(4))).toMatchObject({
      status: 422,
      body: { code: 'secret-version-unknown' },
    });
  });

  test('a rule says after how many days it wants another value, and leaves the value', async () => {
    const { ann, bo } = use();
    const { id } = await create(ann, { name: 'ROTATED', value: 'value of rotated' });
    const path = `/secrets/${id}/rotation`;
    expect(await bo('PUT', path, { days: 30 }, ifMatch(1))).toMatchObject({ status: 403 });
    const set = await ann('PUT', path, { days: 30 }, ifMatch(1));
    expect(set).toMatchObject({ status: 200, body: { rotateDays: 30, version: 1, seq: 2 } });
    expect(await ann('PUT', path, { days: 90 }, ifMatch(1))).toMatchObject({ status: 412 });
    expect(await ann('PUT', path, { days: 0 }, ifMatch(2))).toMatchObject({ status: 422 });
    const before = (await ann('GET', `/secrets/${id}`)).body;
    await ann('PUT', `/secrets/${id}`, { value: 'another value' }, ifMatch(2));
    const after = (await ann('GET', `/secrets/${id}`)).body;
    expect(after.rotateDays).toBe(30);
    expect(Date.parse(after.setAt)).toBeGreaterThan(Date.parse(before.setAt));
    expect(await ann('PUT', path, { days: null }, ifMatch(3))).toMatchObject({ body: { rotateDays: null } });
    const { body } = await ann('GET', `/audit?workspace=acme/shop&object=${id}&action=secret.rotation`);
    expect(body.items).toMatchObject([
      { detail: { before: { rotateDays: 30 }, after: { rotateDays: null } } },
      { detail: { before: { rotateDays: null }, after: { rotateDays: 30 } } },
    ]);
  });

  test('a repeated write is answered alike and done once, another value under its key is refused', async () => {
    const { ann } = use();
    const key = { 'Idempotency-Key': 'secret-1' };
    const first = await ann('POST', `/secrets${SHOP}`, { name: 'ONCE', value: 'value once' }, key);
    const again = await ann('POST', `/secrets${SHOP}`, { name: 'ONCE', value: 'value once' }, key);
    expect(again).toMatchObject({ status: 201, body: first.body });
    expect(again.headers.get('idempotency-replayed')).toBe('true');
    const other = await ann('POST', `/secrets${SHOP}`, { name: 'ONCE', value: 'another' }, key);
    expect(other).toMatchObject({ status: 422, body: { code: 'idempotency-key-reused' } });
    const put = { ...ifMatch(1), 'Idempotency-Key': 'secret-2' };
    await ann('PUT', `/secrets/${first.body.id}`, { value: 'next' }, put);
    expect((await ann('PUT', `/secrets/${first.body.id}`, { value: 'next' }, put)).body.version).toBe(2);
  });

  test('values that no stage could be given are refused, short ones are taken with a notice', async () => {
    const { ann } = use();
    const tooLong = 'é'.repeat(32_769);
    for (const value of ['', 'a\0b', '\ud800', tooLong, 7, null]) {
      const refused = await ann('POST', `/secrets${SHOP}`, { name: 'ODD', value });
      expect(refused).toMatchObject({ status: 422, body: { errors: [{ pointer: '/value' }] } });
    }
    for (const name of ['', 'has blank', 'ü', '-x', 'x'.repeat(201)]) {
      expect(await ann('POST', `/secrets${SHOP}`, { name, value: 'x' })).toMatchObject({ status: 422 });
    }
    await create(ann, { name: 'LONGEST', value: tooLong.slice(1) });
    const short = await create(ann, { name: 'SHORT', value: '12345' });
    expect(short.notices).toEqual([expect.stringContaining('cannot be masked')]);
  });

  test('who signed in long ago signs in again before writing', async () => {
    const { ann, api } = use();
    await api.database`UPDATE cli_sessions SET authenticated_at = now() - interval '11 minutes'`;
    const refused = await ann('POST', `/secrets${SHOP}`, { name: 'STALE', value: 'x' });
    await api.database`UPDATE cli_sessions SET authenticated_at = now()`;
    expect(refused).toMatchObject({ status: 403, body: { code: 'sign-in-too-old' } });
    await create(ann, { name: 'STALE', value: 'x' });
  });

  test('a stage of an environment finds what that environment alone has, and no other stage does', async () => {
    const { ann, bo, api, acme } = use();
    await api.database`INSERT INTO environments (id, workspace_id, name)
      VALUES (gen_random_uuid(), ${acme.workspaces['shop'] ?? ''}, 'prod')`;
    await create(ann, { name: 'PROD_KEY', value: 'of prod', scope: { kind: 'environment', environment: 'prod' } });
    const trigger = async (name: string, words: string) => {
      const text = `pipeline "${name}"\nstage "ship" { image "busybox:1.37"; secret "PROD_KEY"; ${words} run "true" }\n`;
      await ann('POST', `/pipelines${SHOP}`, { name, text });
      return bo('POST', `/pipelines/${name}/runs${SHOP}`, { branch: 'main' });
    };
    expect(await trigger('elsewhere', '')).toMatchObject({ status: 422, body: { code: 'secret-missing' } });
    const run = await trigger('there', 'environment "prod";');
    expect(run).toMatchObject({ status: 201 });
    const request = { runId: run.body.id, stage: 'ship', attempt: 1, names: ['PROD_KEY'] };
    expect(await api.context.secretStore.release({ ...request, environment: 'prod' })).toEqual({ PROD_KEY: 'of prod' });
    expect(await api.context.secretStore.release({ ...request, environment: null })).toEqual({});
  });

  test('a stage of a run gets it, which stands in its access log; then it is deleted by its name only', async () => {
    const { ann, bo, api } = use();
    const { id } = await create(ann, { name: 'TOKEN', value: 'value of a token' });
    await ann('POST', `/pipelines${SHOP}`, { name: 'deploys', text: PIPELINE });
    const run = await bo('POST', `/pipelines/deploys/runs${SHOP}`, { branch: 'main' });
    expect(run).toMatchObject({ status: 201 });
    const request = { runId: run.body.id, stage: 'ship', attempt: 1, environment: null, names: ['TOKEN'] };
    expect(await api.context.secretStore.release(request)).toEqual({ TOKEN: 'value of a token' });
    const used = await ann('GET', `/secrets/${id}`);
    expect(used.body.lastUsed).toMatchObject({ run: run.body.label, stage: 'ship' });
    const accesses = await bo('GET', `/secrets/${id}/accesses`);
    expect(accesses.body.items).toMatchObject([
      { name: 'TOKEN', version: 1, run: run.body.label, stage: 'ship', actor: 'user:bo', verdict: 'released' },
    ]);
    const refused = await ann('DELETE', `/secrets/${id}`, {}, ifMatch(1));
    expect(refused).toMatchObject({ status: 422, body: { code: 'secret-name-mismatch' } });
    expect(await ann('DELETE', `/secrets/${id}`, { name: 'TOKEN' }, ifMatch(1))).toMatchObject({ status: 204 });
    expect(await ann('GET', `/secrets/${id}`)).toMatchObject({ status: 404 });
    expect(await api.context.secretStore.release(request)).toEqual({});
  });

  test('a run is refused while a secret of its plan is missing or disabled', async () => {
    const { ann } = use();
    await ann('POST', `/pipelines${SHOP}`, { name: 'needs', text: PIPELINE.replace('TOKEN', 'NEEDED') });
    const trigger = () => ann('POST', `/pipelines/needs/runs${SHOP}`, {});
    expect(await trigger()).toMatchObject({ status: 422, body: { code: 'secret-missing' } });
    const { id } = await create(ann, { name: 'NEEDED', value: 'value', scope: { kind: 'organization' } });
    expect(await trigger()).toMatchObject({ status: 201 });
    const near = await create(ann, { name: 'NEEDED', value: 'value' });
    await ann('PATCH', `/secrets/${near.id}`, { enabled: false }, ifMatch(1));
    expect(await trigger()).toMatchObject({ status: 422, body: { code: 'secret-missing' } });
    await ann('DELETE', `/secrets/${near.id}`, {}, ifMatch(2));
    expect(await trigger()).toMatchObject({ status: 201 });
    await ann('DELETE', `/secrets/${id}`, {}, ifMatch(1));
  });

  test('no table, answer, refusal or audit event holds a value in any encoding', async () => {
    const { ann, bo, api } = use();
    const value = 'planted/+value=42&"quoted"\nline two';
    const shown: string[] = [];
    const ask: Ask = async (...asked) => {
      const answer = await ann(...asked);
      shown.push(JSON.stringify(answer.body), JSON.stringify([...answer.headers]));
      return answer;
    };
    const made = await ask('POST', `/secrets${SHOP}`, { name: 'PLANTED', value }, { 'Idempotency-Key': 'planted' });
    const { id } = made.body;
    await ask('POST', `/secrets${SHOP}`, { name: 'PLANTED', value });
    await ask('POST', `/secrets${SHOP}`, { name: 'bad name', value });
    await ask('POST', `/secrets${SHOP}`, { name: 'PLANTED', value, more: value });
    await ask('POST', `/secrets${SHOP}`, { name: 'PLANTED', value: { value } });
    await ask('PUT', `/secrets/${id}`, { value }, ifMatch(9));
    await ask('PUT', `/secrets/${id}`, { value }, { ...ifMatch(1), 'Idempotency-Key': 'planted-2' });
    await ask('POST', `/secrets/${id}/restore`, { version: 1 }, ifMatch(2));
    await bo('PUT', `/secrets/${id}`, { value }, ifMatch(1));
    for (const path of [`/secrets${SHOP}`, `/secrets/${id}`, `/secrets/${id}/versions`, `/secrets/${id}/accesses`]) {
      await ask('GET', path);
    }
    const tables = await api.database<{ name: string }[]>`
      SELECT relname AS name FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace`;
    expect(tables.length).toBeGreaterThan(20);
    for (const { name } of tables) {
      const rows = await api.database<
        { text: string }[]
      >`SELECT to_json(t)::text AS text FROM ${api.database(name)} AS t`;
      shown.push(...rows.map(({ text }) => text));
    }
    const forms = [
      ...value.split(/[\n"]/).filter((part) => part.length > 3),
      ...[value, JSON.stringify(value)].flatMap((text) => [
        Buffer.from(text).toString('base64').slice(0, -4),
        Buffer.from(text).toString('hex'),
        encodeURIComponent(text),
      ]),
    ];
    for (const form of forms) expect(shown.filter((text) => text.includes(form))).toEqual([]);
    expect(shown.filter((text) => text.includes('secret.replace'))).not.toEqual([]);
  });
});
