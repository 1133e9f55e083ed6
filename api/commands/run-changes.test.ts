import { describe, expect, test } from 'vitest';
import type { AskedChange } from '#core/change.ts';
import type { RunObject } from '#core/rest.ts';
import { recordBatch } from '#db/queries/record-batch.ts';
import { AT, ended, node, playBatch, running } from '#test/env/use-api.ts';
import { useServer } from '#test/env/use-server.ts';

const TEXT = `
stage "build" { image "busybox:1.37"; run "true" }
stage "test" needs="build" { image "busybox:1.37"; run "true" }
`;

describe('changes of an open run', () => {
  const use = useServer();
  let count = 0;

  const start = async (): Promise<RunObject> => {
    const { api, ann, bo } = use();
    api.workflows.answer(() => ({ kind: 'accepted' }));
    const made = await ann('POST', '/pipelines?workspace=acme/shop', { name: `p${++count}`, text: TEXT });
    const { body } = await bo('POST', `/pipelines/${made.body.id}/runs`, {});
    const run = body as RunObject;
    await expect.poll(() => api.workflows.started.some(({ runId }) => runId === run.id)).toBe(true);
    await playBatch(api, run, 1, { nodes: [node('build', running)], run: running });
    return run;
  };
  const post = (run: RunObject, verb: string, body: unknown, key?: string) =>
    use().bo('POST', `/runs/${run.id}/${verb}`, body, key ? { 'idempotency-key': key } : {});
  const auditOf = async (run: RunObject) => {
    const rows = await use().api.database<{ action: string; verdict: string }[]>`
      SELECT action, verdict FROM audit_events WHERE object_id = ${run.id} ORDER BY at, id`;
    return rows.map((row) => `${row.action} ${row.verdict}`);
  };

  test('each is handed to the workflow with its author and answered by the run', async () => {
    const run = await start();
    const asked = [
      ['pause', { reason: 'fire' }, { kind: 'pause', reason: 'fire' }],
      ['resume', {}, { kind: 'resume' }],
      ['extend', { stage: 'build', ms: 60_000 }, { kind: 'extend', stage: 'build', ms: 60_000 }],
      ['extend', { ms: 60_000 }, { kind: 'extend', stage: null, ms: 60_000 }],
      ['skip', { stage: 'test' }, { kind: 'skip', stage: 'test', reason: null }],
      ['retry-stage', { stage: 'build' }, { kind: 'retry', stage: 'build' }],
    ] as const;
    for (const [index, [verb, body, change]] of asked.entries()) {
      const answer = await post(run, verb, body, `${run.id}-${index}`);
      expect(answer.status).toBe(200);
      expect(answer.body).toMatchObject({ id: run.id, can: { pause: true } });
      const update = use().api.workflows.updates.at(-1)?.update;
      expect(update).toEqual({
        ...{ id: expect.any(String), name: 'changeRun' },
        args: [{ ...change, id: update?.id, by: 'user:bo' }],
      });
    }
    expect(await auditOf(run)).toEqual([
      'run.start done',
      'run.pause done',
      'run.resume done',
      'run.extend done',
      'run.extend done',
      'run.skip done',
      'run.retry done',
    ]);
  });

  test('a repeated change is the same one to the workflow, one of somebody else under the same key is another', async () => {
    const run = await start();
    const { api, ann, bo } = use();
    const key = { 'idempotency-key': `${run.id}-shared` };
    const lastId = () => api.workflows.updates.at(-1)?.update.id;
    // Problems are not kept: the repetition reaches the workflow again.
    api.workflows.answer(() => ({ kind: 'refused', code: 'run-paused', message: 'the run is paused already' }));
    expect((await bo('POST', `/runs/${run.id}/pause`, {}, key)).status).toBe(409);
    const first = lastId();
    expect((await bo('POST', `/runs/${run.id}/pause`, {}, key)).status).toBe(409);
    expect(lastId()).toBe(first);
    expect((await bo('POST', `/runs/${run.id}/resume`, {}, key)).status).toBe(409);
    const other = lastId();
    expect((await ann('POST', `/runs/${run.id}/pause`, {}, key)).status).toBe(409);
    expect(new Set([first, other, lastId()]).size).toBe(3);
  });

  test('a viewer may change nothing, a foreigner sees no run, and a developer may not force a cancel', async () => {
    const run = await start();
    const asked = use().api.workflows.updates.length;
    for (const [verb, body] of [
      ['pause', {}],
      ['skip', { stage: 'test' }],
      ['cancel', {}],
    ] as const) {
      expect((await use().vic('POST', `/runs/${run.id}/${verb}`, body)).status).toBe(403);
      expect((await use().mallory('POST', `/runs/${run.id}/${verb}`, body)).status).toBe(404);
    }
    expect((await post(run, 'cancel', { force: true })).status).toBe(403);
    expect(use().api.workflows.updates).toHaveLength(asked);
    expect((await use().vic('GET', `/runs/${run.id}`)).body.can).toMatchObject({ pause: { code: 'not-allowed' } });
    // A terminal is more than a change.
    expect((await use().bo('GET', `/runs/${run.id}`)).body.can).toMatchObject({ shell: { code: 'not-allowed' } });
    expect((await use().ann('GET', `/runs/${run.id}`)).body.can).toMatchObject({ shell: true });
  });

  test('a refusal of the workflow keeps its code and is not written to the audit', async () => {
    const run = await start();
    use().api.workflows.answer(() => ({ kind: 'refused', code: 'stage-begun', message: 'build has begun' }));
    const answer = await post(run, 'skip', { stage: 'build' });
    expect(answer).toMatchObject({ status: 409, body: { code: 'stage-begun', hint: expect.any(String) } });
    expect(await auditOf(run)).toEqual(['run.start done']);
  });

  test.each([
    ['extend', { ms: 10 }, 422],
    ['extend', { ms: 90_000_000 }, 422],
    ['extend', { stage: 'build' }, 422],
    ['skip', {}, 422],
    ['pause', { why: 'x' }, 400],
  ])('%s with %j is refused before the workflow is asked', async (verb, body, status) => {
    const run = await start();
    const count = use().api.workflows.updates.length;
    expect((await post(run, verb, body)).status).toBe(status);
    expect(use().api.workflows.updates).toHaveLength(count);
  });

  test('a run that has ended can not be changed', async () => {
    const run = await start();
    await playBatch(use().api, run, 2, { run: ended('passed') });
    expect(await post(run, 'pause', {})).toMatchObject({ status: 409, body: { code: 'run-ended' } });
  });

  test('a change is kept once with the history, and time given adds up', async () => {
    const run = await start();
    const extend = (id: string, ms: number): AskedChange => ({
      kind: 'extend',
      id,
      by: 'user:ann',
      stage: 'build',
      ms,
    });
    const batch = { runId: run.id, at: AT, run: null, nodes: [], gates: [] };
    for (const version of [2, 3])
      await recordBatch(use().api.database, { ...batch, version, changes: [extend('a', 1_000)] });
    await recordBatch(use().api.database, { ...batch, version: 4, changes: [extend('b', 500), extend('c', 1)] });
    const { body: stages } = await use().bo('GET', `/runs/${run.id}/stages`);
    expect(stages.items[0]).toMatchObject({ extendedMs: 1_501, status: { kind: 'running' } });
    const { body } = await use().bo('GET', `/runs/${encodeURIComponent(run.label)}/events`);
    const changes = (body as { items: { seq: number; name: string; change?: { id: string } }[] }).items.filter(
      (event) => event.change,
    );
    expect(changes.map((event) => event.change?.id)).toEqual(['a', 'b', 'c']);
    expect(new Set(changes.map((event) => event.seq)).size).toBe(3);
  });
});
