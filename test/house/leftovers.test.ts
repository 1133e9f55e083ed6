import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { afterEach, expect, test } from 'vitest';
import { listLeftovers, listProcesses } from '../../scripts/leftovers.ts';

const started: ChildProcess[] = [];

async function startMarked(mark: string): Promise<ChildProcess> {
  const child = spawn(process.execPath, ['-e', 'process.stdout.write("ready"); process.stdin.resume()', mark]);
  started.push(child);
  await once(child.stdout, 'data');
  return child;
}

afterEach(async () => {
  for (const child of started.splice(0)) {
    const ended = once(child, 'exit');
    if (child.exitCode === null && child.signalCode === null && child.kill('SIGKILL')) await ended;
  }
});

test('a process that outlives the tests is named, one that was there before is not', async () => {
  const mark = randomUUID();
  await startMarked(mark);
  const before = await listProcesses(mark);
  expect(before.size).toBe(1);
  const newer = await startMarked(mark);
  const left = await listLeftovers(before, mark);
  expect(left.map((line) => Number.parseInt(line, 10))).toEqual([newer.pid]);
});

test('a process that is about to end is no leftover', async () => {
  const mark = randomUUID();
  const child = await startMarked(mark);
  const left = listLeftovers(new Map(), mark);
  child.stdin?.end();
  expect(await left).toEqual([]);
});
