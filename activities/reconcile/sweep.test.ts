import { randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { pack } from 'tar-stream';
import { describe, expect, test } from 'vitest';
import { listSweeps, whileSweeping } from '#db/queries/sweeps.ts';
import { openRunBytes } from '#store/run-bytes.ts';
import { refusalOf } from '#test/env/use-api.ts';
import { openSweep } from './sweep.ts';
import { useSweep } from './testing/use-sweep.ts';

const DAY = 86_400_000;

describe('sweep', () => {
  const { use, left, depsOf, run, counts, makeRun, end, rowOf, isThere, linesOf, ageObjects } = useSweep();

  test('by age logs and artifacts of ended runs go; the run, its endings and times stay', async () => {
    const [old, young] = [await makeRun(31 * DAY), await makeRun(29 * DAY)];
    const would = await run('look');
    expect(would.get('runs')).toMatchObject({ count: 1, bytes: 42 });
    expect(Date.parse(would.get('runs')?.oldestAt ?? '')).toBeLessThan(Date.now() - 30 * DAY);
    expect(await rowOf(old)).toEqual({ expired: false, swept: false, ending: 'failed' });
    expect((await run('all')).get('runs')).toMatchObject({ count: 1, bytes: 42 });
    expect(await rowOf(old)).toEqual({ expired: true, swept: true, ending: 'failed' });
    expect([await isThere(old.reference), (await linesOf(old)).length]).toEqual([false, 0]);
    expect([await isThere(young.reference), (await linesOf(young)).length]).toEqual([true, 1]);
    expect(await use().client.listStages(old.id)).toMatchObject([
      { name: 'build', status: { ending: 'passed' }, attempts: [{ log: { lines: 1 } }] },
      { name: 'test', status: { ending: 'failed' } },
    ]);
    expect(counts(await run('all'))).toEqual({});
    expect((await listSweeps(use().database)).find(({ kind }) => kind === 'runs')).toMatchObject({
      removed: 1,
      bytes: 42,
    });
    const audit = await use().database`SELECT actor, detail FROM audit_events WHERE action = 'run.expire'`;
    expect(audit).toMatchObject([{ actor: 'system', detail: { runs: [old.label], count: 1, limits: ['age'] } }]);
  });

  test('who asks for what has expired is told when', async () => {
    const old = await makeRun(31 * DAY);
    const { client } = use();
    expect(await client.getRun(old.id)).not.toHaveProperty('expiredAt');
    await run('all');
    const today = new Date().toISOString().slice(0, 10);
    expect(await client.getRun(old.id)).toMatchObject({
      expiredAt: expect.stringContaining(today),
      can: { rerun: { code: 'run-expired' }, shell: { code: 'run-expired' } },
    });
    const detail = expect.stringContaining(`expired on ${today}`);
    expect(await refusalOf(client.readLogIndex(old.id, 'build', 1))).toMatchObject({
      ...{ status: 404, code: 'log-expired', detail },
    });
    const [artifact] = await client.listArtifacts(old.id);
    expect(artifact).toMatchObject({ name: 'dist', bytes: 36, expiresAt: expect.stringContaining(today) });
    for (const part of ['content', 'files']) {
      const answer = await use().fetch(`/api/v1/artifacts/${artifact?.id}/${part}`);
      expect([answer.status, await answer.json()]).toMatchObject([404, { code: 'artifact-expired', detail }]);
    }
  });

  test('an open run loses nothing however old, nor does one that it carries on', async () => {
    const open = await makeRun(null);
    const repeated = await makeRun(29 * DAY);
    const second = await use().client.rerun(repeated.id, { kind: 'failed', secrets: {} });
    await use().database`UPDATE runs SET created_at = now() - interval '90 days', ended_at = CASE WHEN ended_at IS NULL
      THEN NULL ELSE now() - interval '60 days' END WHERE id IN (${open.id}, ${repeated.id}, ${second.id})`;
    await use().database`UPDATE artifacts SET expires_at = now() - interval '1 day'
      WHERE run_id IN (${open.id}, ${repeated.id}, ${second.id})`;
    expect(counts(await run('look'))).toEqual({});
    expect(counts(await run('all', { retention: { days: 1, bytes: 1 } }))).not.toHaveProperty('artifacts');
    for (const one of [open, repeated]) {
      expect(await isThere(one.reference)).toBe(true);
      expect((await linesOf(one)).length).toBe(1);
    }
    // Once the re-run has ended, its own time counts for both.
    await end(second, 31 * DAY);
    expect((await run('all')).get('runs')?.count).toBe(1);
    expect([(await rowOf(repeated))?.['expired'], await isThere(repeated.reference)]).toEqual([true, false]);
    await end(open, 0);
  });

  test('a workspace keeps its runs for as long as it says', async () => {
    const old = await makeRun(31 * DAY);
    await use().database`UPDATE workspaces SET retention_days = 40`;
    expect(counts(await run('all'))).not.toHaveProperty('runs');
    await use().database`UPDATE workspaces SET retention_days = 20`;
    expect((await run('all')).get('runs')?.count).toBeGreaterThan(0);
    expect((await rowOf(old))?.['expired']).toBe(true);
    await use().database`UPDATE workspaces SET retention_days = NULL`;
  });

  test('by size the runs that ended longest ago go first, and none that ended a moment ago', async () => {
    await run('all', { retention: { days: 1, bytes: null } });
    const [oldest, older, newest] = [await makeRun(4 * DAY), await makeRun(3 * DAY), await makeRun(1_000)];
    const used = await sumKept();
    const retention = { days: 30, bytes: used - 50 };
    expect((await run('look', { retention })).get('space')).toMatchObject({ count: 2, bytes: 84 });
    expect((await run('all', { retention })).get('space')).toMatchObject({ count: 2 });
    expect([(await rowOf(oldest))?.['expired'], (await rowOf(older))?.['expired']]).toEqual([true, true]);
    expect((await rowOf(newest))?.['expired']).toBe(false);
    expect(counts(await run('all', { retention: { days: 30, bytes: 1 } }))).toEqual({});
  });
  const sumKept = async () => {
    const [row] = await use().database<{ bytes: number }[]>`
      SELECT coalesce((SELECT sum(log_bytes) FROM attempts JOIN runs ON runs.id = run_id WHERE expired_at IS NULL), 0)
        + coalesce((SELECT sum(bytes) FROM artifacts WHERE removed_at IS NULL AND reference->>'runId' = run_id::text), 0) AS bytes`;
    return Number(row?.bytes);
  };

  test('an artifact goes when its own time is over, the rest of its run stays; a re-run that needs it is told', async () => {
    const over = new Date(Date.now() - 1_000).toISOString();
    const object = await makeRun(DAY, randomUUID(), over);
    expect((await run('look')).get('artifacts')).toMatchObject({ count: 1, bytes: 36 });
    expect((await run('all')).get('artifacts')).toMatchObject({ count: 1 });
    expect([await isThere(object.reference), (await linesOf(object)).length]).toEqual([false, 1]);
    const rerun = (request: Parameters<ReturnType<typeof use>['client']['rerun']>[1]) =>
      use().client.rerun(object.id, request);
    expect(await refusalOf(rerun({ kind: 'failed', secrets: {} }))).toMatchObject({
      ...{ status: 409, code: 'artifact-expired' },
      hint: expect.stringContaining(`buildit retry ${object.label} --from build`),
    });
    const again = await rerun({ kind: 'stage', name: 'build', secrets: {} });
    expect(again.label).toBe(`${object.label}.2`);
    await end(again, 0);
  });

  test('of many artifacts whose time is over all go at once', async () => {
    const object = await makeRun(DAY);
    const [many, over] = [450, new Date(Date.now() - 1_000).toISOString()];
    await use().database`
      INSERT INTO artifacts (id, run_id, workspace_id, stage, attempt, name, files, bytes, expires_at, reference)
      SELECT gen_random_uuid(), run_id, workspace_id, stage, attempt, 'many-' || at, files, bytes, ${over},
        jsonb_set(reference::jsonb, '{manifest,key}', to_jsonb('artifacts/' || run_id || '/build/1/many-' || at || '.json'))
      FROM artifacts, generate_series(1, ${many}) AS at WHERE run_id = ${object.id}`;
    expect((await run('look')).get('artifacts')?.count).toBe(many);
    expect((await run('all')).get('artifacts')?.count).toBe(many);
    const [left] = await use().database`
      SELECT count(*)::int AS count FROM artifacts WHERE run_id = ${object.id} AND (removed_at IS NULL OR NOT is_swept)`;
    expect(left).toEqual({ count: 1 });
  });

  test('a run that is not kept any more is not repeated', async () => {
    const old = await makeRun(31 * DAY);
    await run('all');
    expect(await refusalOf(use().client.rerun(old.id, { kind: 'all', secrets: {} }))).toMatchObject({
      ...{ status: 409, code: 'run-expired' },
    });
  });

  test('a sweep that is killed between any two steps is finished by the next, with nothing half', async () => {
    const old = await makeRun(31 * DAY);
    const bytes = openRunBytes(use().context.stores);
    const dying = { ...bytes, remove: () => Promise.reject(new Error('killed')) };
    expect((await openSweep(depsOf({ bytes: dying }))('all'))?.troubles).toContainEqual(
      expect.stringMatching(/^runs: .*killed$/),
    );
    // Given up, so nobody is given it; still there.
    expect([await rowOf(old), await isThere(old.reference)]).toEqual([
      { expired: true, swept: false, ending: 'failed' },
      true,
    ]);
    await run('all');
    expect([await rowOf(old), await isThere(old.reference)]).toEqual([
      { expired: true, swept: true, ending: 'failed' },
      false,
    ]);
    const expiring = await makeRun(DAY, randomUUID(), new Date(Date.now() - 1_000).toISOString());
    const died = { ...bytes, removeArtifact: () => Promise.reject(new Error('killed')) };
    expect((await openSweep(depsOf({ bytes: died }))('all'))?.troubles).toContainEqual(
      expect.stringMatching(/^artifacts: .*killed$/),
    );
    expect(await isThere(expiring.reference)).toBe(true);
    await run('all');
    expect(await isThere(expiring.reference)).toBe(false);
  });

  test('of two sweepers one sweeps, and who dies over it lets go', async () => {
    await makeRun(31 * DAY);
    await whileSweeping(use().database, async () => {
      expect(await openSweep(depsOf())('all')).toBeNull();
      // It removes nothing.
      expect((await run('look')).get('runs')?.count).toBe(1);
    });
    const both = await Promise.all([openSweep(depsOf())('all'), openSweep(depsOf())('all')]);
    const swept = both.flatMap((report) => report?.leftovers ?? []).filter(({ kind }) => kind === 'runs');
    expect(swept.reduce((sum, { count }) => sum + count, 0)).toBe(1);
    await expect(whileSweeping(use().database, () => Promise.reject(new Error('x')))).rejects.toThrow('x');
    expect(await openSweep(depsOf())('all')).not.toBeNull();
  });

  test('chunks of removed artifacts go once nobody can be reading them, shared ones stay', async () => {
    const content = randomUUID();
    const [old, kept] = [await makeRun(31 * DAY, content), await makeRun(DAY, content)];
    const own = await makeRun(31 * DAY);
    await run('all');
    expect(await isThere(own.reference)).toBe(false);
    expect(await isThere(old.reference)).toBe(false);
    await ageObjects();
    expect((await run('all')).get('chunks')?.count).toBeGreaterThan(0);
    const tar = await buffer(use().context.stores.artifacts.load(kept.reference));
    expect(tar.includes(content)).toBe(true);
  });

  test('what is stored of runs that nobody knows goes after a day, and of artifacts without a row', async () => {
    const { context } = use();
    const kept = await makeRun(DAY);
    const key = { stage: 'build', attempt: 1, name: 'dist' };
    const save = (runId: string, name: string) => {
      const tar = pack();
      tar.entry({ name: 'file' }, 'x');
      tar.finalize();
      return context.stores.artifacts.save({ ...key, runId, name }, Readable.from(tar));
    };
    const [stray, lost] = [await save(kept.id, 'never-recorded'), await save(randomUUID(), 'dist')];
    // Of an API that was killed while it tried the store.
    await context.stores.objects.put('probe/x', Buffer.from('probe/x'));
    expect(counts(await run('all'))).not.toHaveProperty('strays');
    await ageObjects();
    expect((await run('look')).get('strays')).toMatchObject({ count: 3 });
    expect((await run('all')).get('strays')).toMatchObject({ count: 3 });
    expect(await context.stores.objects.list('probe/')).toEqual([]);
    expect([await isThere(stray), await isThere(lost), await isThere(kept.reference)]).toEqual([false, false, true]);
  });

  test('what ended runs left on hosts, sealed secrets and old answers are counted, then removed', async () => {
    const { database, context } = use();
    const [open, over] = [await makeRun(null), await makeRun(2 * DAY)];
    for (const id of [open.id, over.id]) {
      left.set(id, ['container']);
      await context.stores.secrets.seal(id, { A: 'x' });
    }
    await context.stores.secrets.seal(randomUUID(), { A: 'x' });
    await database`INSERT INTO idempotency_keys (caller, key, request_digest, status, headers, body, created_at)
      VALUES ('user:ann', 'k', 'd', 200, '{}', '', now() - interval '25 hours')`;
    expect(counts(await run('look'))).toMatchObject({ hosts: 1, answers: 1 });
    expect(counts(await run('all'))).toMatchObject({ hosts: 1, answers: 1 });
    expect([...left.keys()]).toEqual([open.id]);
    expect(counts(await run('look'))).toEqual({});
    // By the schedule that is the reconciler's work, which has just done it.
    await database`DELETE FROM sweeps`;
    left.set(over.id, ['container']);
    const kinds = (await openSweep(depsOf())('due'))?.leftovers.map(({ kind }) => kind);
    expect(kinds).toEqual(['runs', 'space', 'artifacts', 'strays', 'chunks', 'snapshots', 'caches']);
    left.delete(over.id);
    await end(open, 0);
  });
});
