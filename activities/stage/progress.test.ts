import { expect, test, vi } from 'vitest';
import { createProgress } from './progress.ts';
import { createMemoryRecords } from './testing/memory-records.ts';

const KEY = { runId: 'r', stage: 'build', attempt: 1, version: 1 };

test('of the states of a pull the first is told at once, the newest after a moment, and none once it has begun', async () => {
  const records = createMemoryRecords();
  const progress = createProgress({ records, hostId: 'h', report: () => expect.fail() }, KEY);
  const tell = (done: number) => progress.pulling({ ref: 'node:24', done: done * 1e6, total: 100e6 });
  for (let done = 1; done <= 60; done += 1) tell(done);
  await vi.waitUntil(() => records.writes.length === 2, { timeout: 30_000 });
  expect(records.writes).toEqual([
    'pulling image node:24, 1 of 100 MB for build 1',
    'pulling image node:24, 60 of 100 MB for build 1',
  ]);
  tell(61);
  progress.started('2026-01-02T03:04:05.000Z', {});
  tell(100);
  expect(records.writes.slice(2)).toEqual(['started build 1']);
});
