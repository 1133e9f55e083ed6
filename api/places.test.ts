import { beforeEach, describe, expect, test } from 'vitest';
import { describePlaceWanted } from '#core/place.ts';
import type { RunObject, StageObject } from '#core/rest.ts';
import type { Status } from '#core/run.ts';
import { endRun } from '#db/queries/end-run.ts';
import { recordAttemptStart } from '#db/queries/record-attempt.ts';
import { takePlace } from '#db/queries/slots.ts';
import { AT, ended, node, playBatch, running } from '#test/env/use-api.ts';
import { useServer } from '#test/env/use-server.ts';

const TEXT = 'stage "build" { image "busybox:1.37"; run "true" }\n';

describe('places of a workspace', () => {
  const use = useServer();
  let count = 0;
  let version = 1;

  beforeEach(async () => {
    const { database } = use().api;
    await database`UPDATE runs SET status_kind = 'ended'`;
    await database`UPDATE stages SET status_kind = 'ended'`;
    await database`DELETE FROM slots`;
    await database`DELETE FROM quotas`;
  });

  const workspaceId = () => use().acme.workspaces['shop'] ?? '';
  const limit = (value: number | null, kind = 'stages-at-once') => use().api.database`
    INSERT INTO quotas (workspace_id, kind, value, updated_by)
    VALUES (${workspaceId()}, ${kind}, ${value}, 'user:ann')
    ON CONFLICT (workspace_id, kind) DO UPDATE SET value = excluded.value`;
  const start = async (priority = 3): Promise<RunObject> => {
    const { ann, bo } = use();
    const made = await ann('POST', '/pipelines?workspace=acme/shop', { name: `p${++count}`, text: TEXT });
    const { body, status } = await bo('POST', `/pipelines/${made.body.id}/runs`, { priority });
    expect(status).toBe(201);
    return body as RunObject;
  };
  const play = (run: RunObject, status: Status) =>
    playBatch(use().api, run, ++version, { nodes: [node('build', status)] });
  /** As the activity of the stage does when it is about to begin. */
  const ask = async (run: RunObject) => {
    const wanted = await takePlace(use().api.database, { runId: run.id, stage: 'build', attempt: 1 });
    await play(run, wanted ? { kind: 'queued', since: AT, reason: describePlaceWanted(wanted) } : running);
    return wanted;
  };
  const isTold = (run: RunObject) => use().api.workflows.given.includes(`${run.id} build`);
  const stageOf = async (run: RunObject): Promise<StageObject> =>
    (await use().bo('GET', `/runs/${run.id}/stages`)).body.items[0];

  test('without a quota nobody waits and nothing is kept', async () => {
    expect(await ask(await start())).toBeNull();
    expect(await use().api.database`SELECT run_id FROM slots`).toEqual([]);
  });

  test('who comes beyond the limit waits in turn, sees how many are ahead, and is told when it may begin', async () => {
    await limit(2);
    const [first, second, third, fourth] = [await start(), await start(), await start(), await start()];
    expect(await ask(first)).toBeNull();
    expect(await ask(second)).toBeNull();
    expect(await ask(third)).toEqual({ ahead: 0, limit: 2, workspace: 'acme/shop' });
    expect(await ask(fourth)).toEqual({ ahead: 1, limit: 2, workspace: 'acme/shop' });
    expect((await stageOf(fourth)).status).toMatchObject({
      kind: 'queued',
      reason: { code: 'quota', message: '1 ahead; quota of acme/shop: 2 stages at once' },
    });
    await play(first, ended('passed'));
    await expect.poll(() => isTold(third)).toBe(true);
    expect(isTold(fourth)).toBe(false);
    expect((await stageOf(fourth)).status).toMatchObject({ reason: { message: expect.stringContaining('next; ') } });
    const why = await use().bo('GET', `/runs/${fourth.id}/why?stage=build`);
    expect(why.body.reason).toMatchObject({ code: 'quota', message: expect.stringContaining('next; ') });
    expect(await ask(third)).toBeNull();
    expect(await ask(fourth)).toMatchObject({ ahead: 0 });
  });

  test('asking again keeps the place, taken or waited for', async () => {
    await limit(1);
    const [first, second, third] = [await start(), await start(), await start()];
    for (let round = 0; round < 2; round++) {
      expect(await ask(first)).toBeNull();
      expect(await ask(second)).toMatchObject({ ahead: 0 });
      expect(await ask(third)).toMatchObject({ ahead: 1 });
    }
  });

  test('the more urgent run goes first, then who asked first', async () => {
    await limit(1);
    const [holder, usual, urgent] = [await start(), await start(3), await start(1)];
    await ask(holder);
    expect(await ask(usual)).toMatchObject({ ahead: 0 });
    expect(await ask(urgent)).toMatchObject({ ahead: 0 });
    await play(holder, ended('passed'));
    await expect.poll(() => isTold(urgent)).toBe(true);
    expect(isTold(usual)).toBe(false);
  });

  test('a lowered quota holds at the next start, a raised one and none at once', async () => {
    await limit(2);
    const [one, two, three, four] = [await start(), await start(), await start(), await start()];
    for (const run of [one, two, three, four]) await ask(run);
    await limit(1);
    await play(one, ended('passed'));
    expect(await ask(three)).toMatchObject({ limit: 1 });
    await play(two, ended('passed'));
    await expect.poll(() => isTold(three)).toBe(true);
    await limit(null);
    await expect.poll(() => isTold(four)).toBe(true);
  });

  test('what began before there was a quota counts', async () => {
    const [before, after] = [await start(), await start()];
    await ask(before);
    const key = { runId: before.id, stage: 'build', attempt: 1, version: ++version };
    await recordAttemptStart(use().api.database, key, { startedAt: AT, hostId: 'host' });
    await limit(1);
    expect(await ask(after)).toMatchObject({ ahead: 0, limit: 1 });
    expect(await ask(before)).toBeNull();
  });

  test('a paused run is passed over', async () => {
    await limit(1);
    const [holder, paused, next] = [await start(), await start(), await start()];
    for (const run of [holder, paused, next]) await ask(run);
    await playBatch(use().api, paused, ++version, { run: { kind: 'paused', reason: { code: 'paused', message: '' } } });
    await play(holder, ended('passed'));
    await expect.poll(() => isTold(next)).toBe(true);
    expect(isTold(paused)).toBe(false);
  });

  test('a run that is over has no place any more', async () => {
    await limit(1);
    const [dead, next] = [await start(), await start()];
    await ask(dead);
    await ask(next);
    const lost = { code: 'workflow-lost', message: 'gone' };
    const end = { ending: 'errored', reason: lost } as const;
    await endRun(use().api.database, { id: dead.id, version: 1_000 }, { run: end, results: {}, open: end });
    await expect.poll(() => isTold(next)).toBe(true);
  });

  test('a stage that waits but stands in no queue is told to ask again', async () => {
    await limit(1);
    const [holder, forgotten] = [await start(), await start()];
    await ask(holder);
    await ask(forgotten);
    await use().api.database`DELETE FROM slots WHERE run_id = ${forgotten.id}`;
    await expect.poll(() => isTold(forgotten)).toBe(true);
  });

  test('twenty that ask at once get no more places than there are', async () => {
    await limit(3);
    const runs = await Promise.all(Array.from({ length: 20 }, () => start()));
    const answers = await Promise.all(
      runs.map((run) => takePlace(use().api.database, { runId: run.id, stage: 'build', attempt: 1 })),
    );
    expect(answers.filter((answer) => answer === null)).toHaveLength(3);
    expect(new Set(answers.flatMap((answer) => (answer ? [answer.ahead] : []))).size).toBe(17);
  });

  test('a run beyond the quota of a day is refused with what is used and when it is free again', async () => {
    const { body: used } = await use().bo('GET', '/quotas/runs-a-day?workspace=acme/shop');
    await limit(used.used + 1, 'runs-a-day');
    await start();
    const made = await use().ann('POST', '/pipelines?workspace=acme/shop', { name: `p${++count}`, text: TEXT });
    const refused = await use().bo('POST', `/pipelines/${made.body.id}/runs`, {});
    expect(refused).toMatchObject({
      status: 429,
      body: { code: 'quota-exceeded', detail: expect.stringContaining('runs of this day') },
    });
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    await limit(0, 'storage-bytes');
    await limit(null, 'runs-a-day');
    expect(await use().bo('POST', `/pipelines/${made.body.id}/runs`, {})).toMatchObject({ status: 409 });
  });

  test('a run on the server shares by its workspace, its weight and its priority', async () => {
    await use().api.database`UPDATE workspaces SET weight = 3 WHERE id = ${workspaceId()}`;
    const run = await start(1);
    const find = () => use().api.workflows.started.find((input) => input.runId === run.id);
    await expect.poll(() => find()?.share).toEqual({ priority: 1, key: workspaceId(), weight: 3 });
  });
});
