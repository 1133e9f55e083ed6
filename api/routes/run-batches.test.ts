import { describe, expect, test } from 'vitest';
import { ended, node, playBatch } from '#test/env/use-api.ts';
import { useServer } from '#test/env/use-server.ts';

const TEXT = 'stage "a" {\n  image "busybox:1.37"\n  run "true"\n}\n';
const CANCEL = '/runs/cancel?workspace=acme/shop';
const RERUN = '/runs/rerun?workspace=acme/shop';

describe('runs together', () => {
  const use = useServer();
  let count = 0;
  const create = async () => {
    const name = `batch-${++count}`;
    const made = await use().ann('POST', '/pipelines?workspace=acme/shop', { name, text: TEXT });
    expect(made.status).toBe(201);
    return name;
  };
  const start = async (name: string, ending: 'passed' | 'failed' | null = null) => {
    const run = (await use().bo('POST', `/pipelines/${name}/runs`, {})).body as { id: string; label: string };
    if (ending) await playBatch(use().api, run, 1, { run: ended(ending), nodes: [node('a', ended(ending))] });
    return run;
  };
  const listAudit = async (action: string, ids: readonly string[]) => {
    const { body } = await use().ann('GET', `/audit?organization=acme&action=${action}`);
    return body.items.filter(({ object }: { object: { id: string } }) => ids.includes(object.id));
  };

  test('open ones are cancelled, each with its place in the audit, and once for their key', async () => {
    const name = await create();
    const runs = [await start(name), await start(name)];
    const { api, bo } = use();
    api.workflows.answer(() => ({ kind: 'accepted' }));
    const before = api.workflows.updates.length;
    const ids = runs.map(({ id }) => id);
    const headers = { 'Idempotency-Key': 'together-1' };
    const first = await bo('POST', CANCEL, { runs: [...ids, ids[0]] }, headers);
    expect(first).toMatchObject({
      status: 200,
      body: { items: runs.map(({ id, label }) => ({ id, label, state: 'accepted' })) },
    });
    expect((await bo('POST', CANCEL, { runs: [...ids, ids[0]] }, headers)).body).toEqual(first.body);
    expect(api.workflows.updates.length - before).toBe(2);
    expect(await listAudit('run.cancel', ids)).toHaveLength(2);
  });

  test('with one that has ended none is cancelled, and it is named', async () => {
    const name = await create();
    const [open, over] = [await start(name), await start(name, 'passed')];
    const before = use().api.workflows.updates.length;
    expect(await use().bo('POST', CANCEL, { runs: [open.id, open.id, over.id] })).toMatchObject({
      status: 409,
      body: {
        code: 'batch-refused',
        errors: [{ pointer: '/runs/2', code: 'run-ended', message: `${over.label} has ended` }],
      },
    });
    expect(use().api.workflows.updates.length).toBe(before);
  });

  test('what a workflow refuses then is told of its run alone', async () => {
    const name = await create();
    const [one, two] = [await start(name), await start(name)];
    use().api.workflows.answer((runId) =>
      runId === two.id ? { kind: 'refused', code: 'run-ended', message: 'too late' } : { kind: 'accepted' },
    );
    const { body } = await use().bo('POST', CANCEL, { runs: [one.id, two.id] });
    expect(body.items).toMatchObject([
      { id: one.id, state: 'accepted' },
      { id: two.id, state: 'refused', problem: { code: 'run-ended' } },
    ]);
    expect(await listAudit('run.cancel', [two.id])).toHaveLength(0);
  });

  test('a fault of ours is no refusal: neither when a run is asked, nor in the audit', async () => {
    const { api, bo } = use();
    const name = await create();
    const [one, two] = [await start(name), await start(name)];
    api.workflows.answer((runId) => {
      if (runId === two.id) throw new Error('the gateway broke');
      return { kind: 'accepted' };
    });
    expect(await bo('POST', CANCEL, { runs: [one.id, two.id] })).toMatchObject({ status: 500 });
    expect(await listAudit('run.cancel', [one.id, two.id])).toMatchObject([{ object: { id: one.id } }]);
    api.workflows.answer(() => ({ kind: 'accepted' }));
    await api.database`ALTER TABLE audit_events ADD CONSTRAINT broken CHECK (action <> 'run.cancel') NOT VALID`;
    const unheard = await bo('POST', CANCEL, { runs: [two.id] });
    await api.database`ALTER TABLE audit_events DROP CONSTRAINT broken`;
    expect(unheard).toMatchObject({ status: 500, body: { code: 'internal' } });
  });

  test('one for which a right is lacking is told as for a single one, and is in the audit by itself', async () => {
    const name = await create();
    const [failed, local] = [await start(name, 'failed'), await start(name, 'failed')];
    await use().api.database`UPDATE runs SET scope = 'local' WHERE id = ${local.id}`;
    expect(await use().bo('POST', RERUN, { runs: [failed.id, local.id], kind: 'all' })).toMatchObject({
      status: 403,
      body: { code: 'local-only' },
    });
    const { items } = (await use().ann('GET', '/audit?workspace=acme/shop&verdict=refused&limit=1')).body;
    const object = { kind: 'run', id: local.id, name: local.label };
    expect(items).toMatchObject([{ action: 'rerunRuns', code: 'local-only', object }]);
    expect(await listAudit('run.rerun', [failed.id])).toEqual([]);
  });

  test('ended ones run again in the order asked for, and what failed alone where that is asked', async () => {
    const name = await create();
    const [failed, passed] = [await start(name, 'failed'), await start(name, 'passed')];
    const { status, body } = await use().bo('POST', RERUN, { runs: [passed.id, failed.id], kind: 'all' });
    expect(status).toBe(201);
    expect(body.items.map(({ label }: { label: string }) => label)).toEqual([`${passed.label}.2`, `${failed.label}.2`]);
    const again = await use().bo('POST', RERUN, { runs: [failed.id], kind: 'failed' });
    expect(again.body.items).toMatchObject([{ label: `${failed.label}.3` }]);
    expect(
      await listAudit(
        'run.rerun',
        [...body.items, ...again.body.items].map(({ id }) => id),
      ),
    ).toHaveLength(3);
  });

  test('with one that cannot run again none does: no number is taken, nothing is written', async () => {
    const name = await create();
    const [failed, passed, open] = [await start(name, 'failed'), await start(name, 'passed'), await start(name)];
    expect(
      await use().bo('POST', RERUN, { runs: [failed.id, failed.id, passed.id, open.id], kind: 'failed' }),
    ).toMatchObject({
      status: 409,
      body: {
        code: 'batch-refused',
        errors: [
          { pointer: '/runs/2', code: 'nothing-failed' },
          { pointer: '/runs/3', code: 'run-open' },
        ],
      },
    });
    expect((await use().vic('GET', `/pipelines/${name}/runs`)).body.items).toHaveLength(3);
  });

  test('more batches at once than the pool has connections wait for none of each other', async () => {
    const name = await create();
    const runs = await Promise.all(Array.from({ length: 24 }, () => start(name, 'failed')));
    const answers = await Promise.all(runs.map(({ id }) => use().bo('POST', RERUN, { runs: [id], kind: 'all' })));
    expect(answers.map(({ status }) => status)).toEqual(runs.map(() => 201));
  });

  test('who may not, is elsewhere, or asks for too much is refused', async () => {
    const run = await start(await create());
    expect(await use().vic('POST', CANCEL, { runs: [run.id] })).toMatchObject({ status: 403 });
    expect(await use().vic('POST', RERUN, { runs: [run.id], kind: 'all' })).toMatchObject({ status: 403 });
    expect(await use().mallory('POST', CANCEL, { runs: [run.id] })).toMatchObject({ status: 404 });
    expect(await use().mallory('POST', '/runs/cancel?workspace=other/shop', { runs: [run.id] })).toMatchObject({
      status: 404,
    });
    expect(await use().ann('POST', '/runs/cancel?workspace=acme/bank', { runs: [run.id] })).toMatchObject({
      status: 404,
    });
    expect(await use().bo('POST', CANCEL, { runs: [] })).toMatchObject({ status: 422 });
    const many = Array.from({ length: 101 }, () => run.id);
    expect(await use().bo('POST', CANCEL, { runs: many })).toMatchObject({ status: 422 });
  });
});
