import { randomUUID } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { listSweeps } from '#db/queries/sweeps.ts';
import { openRunBytes } from '#store/run-bytes.ts';
import { openSweep } from './sweep.ts';
import { useSweep } from './testing/use-sweep.ts';

const DAY = 86_400_000;

describe('a sweep', () => {
  const { use, depsOf, run, makeRun, isThere, ageObjects } = useSweep();

  test('what cannot be removed is told and tried again, and keeps nothing else from going', async () => {
    const objects = [
      await makeRun(35 * DAY),
      await makeRun(34 * DAY),
      await makeRun(33 * DAY),
      await makeRun(32 * DAY),
    ];
    const over = new Date(Date.now() - 1_000).toISOString();
    const expiring = [await makeRun(DAY, randomUUID(), over), await makeRun(DAY, randomUUID(), over)];
    // The two that come first.
    const poisonous = new Set(objects.slice(0, 2).map(({ id }) => id));
    const key = expiring[0]?.reference.manifest.key ?? '';
    const stored = openRunBytes(use().context.stores);
    const refuse = () => Promise.reject(new Error('EACCES'));
    const bytes = {
      ...stored,
      remove: (runId: string) => (poisonous.has(runId) ? refuse() : stored.remove(runId)),
      removeArtifact: (one: string) => (one === key ? refuse() : stored.removeArtifact(one)),
    };
    const report = await openSweep(depsOf({ bytes }))('all');
    expect(report?.troubles).toEqual(
      expect.arrayContaining([...[...poisonous].map((id) => `runs: ${id}: EACCES`), `artifacts: ${key}: EACCES`]),
    );
    const there = () => Promise.all([...objects, ...expiring].map(({ reference }) => isThere(reference)));
    expect(await there()).toEqual([true, true, false, false, true, false]);
    await run('all');
    expect(await there()).toEqual([false, false, false, false, false, false]);
  });

  test('a kind that is cut off goes on where it was, counts what it has done, and keeps none behind it from its turn', async () => {
    const { database, context } = use();
    await ageObjects();
    await run('all');
    await database`DELETE FROM sweeps`;
    const stored = Array.from({ length: 5 }, () => randomUUID());
    const asked: string[] = [];
    const bytes = {
      ...openRunBytes(context.stores),
      listRuns: async () => stored,
      measure: async (runId: string) => {
        asked.push(runId);
        return { count: 1, bytes: 7, oldestAt: 0, youngestAt: 0 };
      },
    };
    await context.stores.objects.put('chunks/ab/abc', Buffer.from('of nobody'));
    await ageObjects();
    // No time at all: each kind takes one step.
    const sweep = openSweep(depsOf({ bytes }), { due: 0, look: 0, all: 0 });
    const strays = async () => (await listSweeps(database)).find(({ kind }) => kind === 'strays');
    for (const runId of stored.slice(0, 4)) {
      expect((await sweep('due'))?.troubles).toEqual([]);
      expect(asked.at(-1)).toBe(runId);
    }
    expect(await strays()).toMatchObject({ removed: 4, bytes: 28, sweptAt: expect.stringContaining('1970') });
    const isOver = async () => !(await strays())?.sweptAt.startsWith('1970');
    const hasChunk = async () => (await context.stores.objects.get('chunks/ab/abc')) !== null;
    await expect
      .poll(async () => {
        await sweep('due');
        return { isOver: await isOver(), hasChunk: await hasChunk() };
      })
      .toEqual({ isOver: true, hasChunk: false });
    expect(asked).toEqual(stored);
    expect(await strays()).toMatchObject({ removed: 5, bytes: 35 });
    // Who asks for all of it is told, and it begins anew.
    expect((await sweep('all'))?.troubles).toContain('strays: there was no time for all of it');
    expect(asked.at(-1)).toBe(stored[0]);
    // Nor does one go on that is aborted, however much time there is.
    const aborted = await openSweep(depsOf({ bytes }))('all', AbortSignal.abort());
    expect(aborted?.troubles).toContain('strays: there was no time for all of it');
  });
});
