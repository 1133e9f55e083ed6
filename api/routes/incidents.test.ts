import { describe, expect, test } from 'vitest';
import type { RunObject } from '#core/rest.ts';
import { node, playBatch, running } from '#test/env/use-api.ts';
import { useServer } from '#test/env/use-server.ts';

const TEXT = 'stage "build" { image "busybox:1.37"; run "true" }\n';

describe('the incident switch', () => {
  const use = useServer();
  let count = 0;
  const start = async (workspace = 'acme/shop'): Promise<RunObject> => {
    const { api, ann } = use();
    api.workflows.answer(() => ({ kind: 'accepted' }));
    const made = await ann('POST', `/pipelines?workspace=${workspace}`, { name: `i${++count}`, text: TEXT });
    const { body } = await ann('POST', `/pipelines/${made.body.id}/runs`, {});
    await expect.poll(() => api.workflows.started.some(({ runId }) => runId === body.id)).toBe(true);
    await playBatch(api, body, 1, { nodes: [node('build', running)], run: running });
    return body;
  };
  /** As the workflows would do. */
  const setStatus = (id: string, kind: 'paused' | 'running' | 'ended') =>
    use().api.database`UPDATE runs SET status_kind = ${kind} WHERE id = ${id}`;
  const asked = (kind: string) =>
    use().api.workflows.updates.filter(({ update }) => update.name === 'changeRun' && update.args[0].kind === kind);
  const SHOP = '/workspaces/acme%2Fshop';

  test('every open run of the workspace is paused, and those alone go on again together', async () => {
    const { ann, bo } = use();
    const [one, two, mine, elsewhere] = [await start(), await start(), await start(), await start('acme/bank')];
    await setStatus(mine.id, 'paused');
    expect((await bo('GET', `${SHOP}/incident`)).body).toMatchObject({
      open: 2,
      held: 0,
      since: null,
      can: { switch: true },
    });
    const paused = await bo('POST', `${SHOP}/pause-runs`, { reason: 'the registry is down' });
    expect(paused).toMatchObject({ status: 200, body: { changed: 2, left: 0, refused: [] } });
    expect(
      asked('pause')
        .map(({ runId }) => runId)
        .toSorted(),
    ).toEqual([one.id, two.id].toSorted());
    expect(asked('pause')[0]?.update.args[0]).toMatchObject({ by: 'user:bo', reason: 'the registry is down' });
    for (const { id } of [one, two]) await setStatus(id, 'paused');
    const incident = await ann('GET', `${SHOP}/incident`);
    expect(incident.body).toMatchObject({
      ...{ open: 0, held: 2, by: 'user:bo', reason: 'the registry is down' },
      runs: [{ label: one.label }, { label: two.label }],
    });
    const resumed = await ann('POST', `${SHOP}/resume-runs`, {});
    expect(resumed.body).toEqual({ changed: 2, left: 0, refused: [] });
    expect(asked('resume').map(({ runId }) => runId)).not.toContain(mine.id);
    expect(asked('resume').map(({ runId }) => runId)).not.toContain(elsewhere.id);
    expect((await ann('GET', `${SHOP}/incident`)).body).toMatchObject({ held: 0 });
    const { body } = await ann('GET', '/audit?workspace=acme/shop&object=shop');
    expect(body.items).toMatchObject([
      { action: 'workspace.resume-runs', actor: 'user:ann', detail: { runs: [one.label, two.label] } },
      { action: 'workspace.pause-runs', actor: 'user:bo', detail: { reason: 'the registry is down' } },
    ]);
    expect((await ann('GET', `/audit?workspace=acme/shop&object=${one.id}&action=run.pause`)).body.items).toHaveLength(
      1,
    );
  });

  test('what a workflow refuses is told, and is not held', async () => {
    const { bo, api } = use();
    const run = await start();
    api.workflows.answer(() => ({ kind: 'refused', code: 'run-cancelling', message: 'the run is being cancelled' }));
    const paused = await bo('POST', `${SHOP}/pause-runs`, {});
    expect(paused.body.refused).toContainEqual(expect.objectContaining({ run: run.label, code: 'run-cancelling' }));
    expect((await bo('GET', `${SHOP}/incident`)).body.held).toBe(0);
  });

  const endAll = () => use().api.database`UPDATE runs SET status_kind = 'ended'`;
  const readIncident = async () => (await use().ann('GET', `${SHOP}/incident`)).body;

  test('a run is held before it is asked: a fault of ours in between loses none', async () => {
    await endAll();
    const { bo, ann, api } = use();
    const [one, two, three] = [await start(), await start(), await start()];
    const heldAtOnce: number[] = [];
    api.workflows.answer(async (runId) => {
      heldAtOnce.push((await api.database`SELECT FROM incident_pauses WHERE run_id = ${runId}`).length);
      if (runId === two.id) throw new Error('the gateway broke');
      return { kind: 'accepted' };
    });
    expect(await bo('POST', `${SHOP}/pause-runs`, { reason: 'a fire' })).toMatchObject({ status: 500 });
    expect(heldAtOnce).toEqual([1, 1, 1]);
    for (const { id } of [one, three]) await setStatus(id, 'paused');
    const audit = (await ann('GET', '/audit?workspace=acme/shop&action=workspace.pause-runs&limit=1')).body.items;
    expect(audit[0].detail.runs.toSorted()).toEqual([one.label, three.label].toSorted());
    for (const { id } of [one, three]) {
      expect((await ann('GET', `/audit?workspace=acme/shop&object=${id}&action=run.pause`)).body.items).toHaveLength(1);
    }
    api.workflows.answer(() => ({ kind: 'accepted' }));
    expect((await bo('POST', `${SHOP}/pause-runs`, { reason: 'a fire' })).body).toMatchObject({ changed: 1, left: 0 });
    await setStatus(two.id, 'paused');
    expect(await readIncident()).toMatchObject({ open: 0, held: 3 });
    api.workflows.answer((runId) => {
      if (runId === two.id) throw new Error('the gateway broke');
      return { kind: 'accepted' };
    });
    expect(await bo('POST', `${SHOP}/resume-runs`, {})).toMatchObject({ status: 500 });
    for (const { id } of [one, three]) {
      expect((await ann('GET', `/audit?workspace=acme/shop&object=${id}&action=run.resume`)).body.items).toHaveLength(
        1,
      );
    }
    expect(await readIncident()).toMatchObject({ held: 1, runs: [{ id: two.id }] });
  });

  test('what has ended, goes on or was taken by somebody is held no more', async () => {
    await endAll();
    const { bo, ann, api } = use();
    const [over, taken, still] = [await start(), await start(), await start()];
    await bo('POST', `${SHOP}/pause-runs`, { reason: 'first' });
    // Another who is too late is refused, and lets nothing go of what the first has paused.
    api.workflows.answer(() => ({ kind: 'refused', code: 'run-paused', message: 'the run is paused already' }));
    expect((await ann('POST', `${SHOP}/pause-runs`, {})).body).toMatchObject({ changed: 0, left: 0 });
    api.workflows.answer(() => ({ kind: 'accepted' }));
    expect(await readIncident()).toMatchObject({ held: 3, by: 'user:bo', reason: 'first' });
    for (const { id } of [taken, still]) await setStatus(id, 'paused');
    await setStatus(over.id, 'ended');
    expect(await readIncident()).toMatchObject({ held: 2 });
    expect(await ann('POST', `/runs/${taken.id}/resume`, {})).toMatchObject({ status: 200 });
    expect(await ann('POST', `/runs/${taken.id}/pause`, {})).toMatchObject({ status: 200 });
    expect(await readIncident()).toMatchObject({ held: 1, runs: [{ id: still.id }] });
    // Its workflow let it go on by itself, and long ago.
    await setStatus(still.id, 'running');
    await api.database`UPDATE incident_pauses SET paused_at = now() - interval '1 minute'`;
    expect(await readIncident()).toMatchObject({ open: 1, held: 0 });
    await ann('POST', `${SHOP}/pause-runs`, { reason: 'second' });
    await setStatus(still.id, 'paused');
    expect(await readIncident()).toMatchObject({ held: 1, by: 'user:ann', reason: 'second' });
    expect((await ann('POST', `${SHOP}/resume-runs`, {})).body).toMatchObject({ changed: 1 });
    const resumed = asked('resume').filter(
      ({ update }) => update.name === 'changeRun' && update.args[0].by === 'user:ann',
    );
    expect(resumed.filter(({ runId }) => runId === taken.id)).toHaveLength(1);
  });

  test('viewers look and change nothing, strangers see nothing', async () => {
    const { vic, mallory } = use();
    expect((await vic('GET', `${SHOP}/incident`)).body.can.switch).toMatchObject({ code: 'not-allowed' });
    expect(await vic('POST', `${SHOP}/pause-runs`, {})).toMatchObject({ status: 403 });
    expect(await vic('POST', `${SHOP}/resume-runs`, {})).toMatchObject({ status: 403 });
    expect(await mallory('GET', `${SHOP}/incident`)).toMatchObject({ status: 404 });
  });
});
