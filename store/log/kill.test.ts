import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { openObjectStore } from '../object/open-object-store.ts';
import { digestOf, readAll, textOf } from './log.contract.ts';
import { openLogStore } from './open-log-store.ts';

const LINES = 400_000;
const WRITER = join(import.meta.dirname, 'testdata', 'append-lines.ts');

interface Report {
  raw?: number;
  bytes?: number;
  digest?: string;
}

/** Runs a writer in a process of its own; kills it once `isEnough` says so. Answers its last reports. */
async function runWriter(folder: string, isEnough: (report: Report) => boolean): Promise<Report> {
  const child = fork(WRITER, [folder, String(LINES)]);
  const seen: Report = {};
  child.on('message', (report: Report) => {
    Object.assign(seen, report);
    if (isEnough(seen)) child.kill('SIGKILL');
  });
  await once(child, 'close');
  return seen;
}

it('writers killed with SIGKILL, one after the other, leave one whole log that another process could read all along', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'buildit-kill-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const store = openLogStore({ objects: openObjectStore({ folder }) });
  const key = { runId: 'run-1', stage: 'long', attempt: 1 };
  let durable = 0;
  for (const target of [1, 300_000, 1_500_000, 3_000_000]) {
    const { raw = 0, bytes = 0 } = await runWriter(folder, (report) => (report.bytes ?? 0) >= target);
    expect(raw).toBeGreaterThanOrEqual(durable);
    const readable = await readAll(store, key);
    expect(readable.length).toBeGreaterThanOrEqual(bytes);
    durable = bytes;
  }
  const { digest } = await runWriter(folder, () => false);
  const expected = Array.from({ length: LINES }, (_, index) => (index === 77_776 ? '***\n' : `line ${index + 1}\n`));
  // `line 77777` is masked where it stands alone; no other line holds it.
  const log = await readAll(store, key);
  expect(digestOf(log)).toBe(digest);
  expect(digestOf(Buffer.from(expected.join('')))).toBe(digest);
  expect(textOf(await store.readLines(key, 300_000, 2))).toEqual(['line 300000', 'line 300001']);
});
