import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { endProcess, identifyProcess, isRunning } from './process-identity.ts';

/** A state is waited for at most this long; the machine may be busy with other tests. */
const SOON = { timeout: 15_000 };

it('a process is known by pid and start, so a later one with its pid is another', () => {
  const self = identifyProcess(process.pid);
  expect(self).not.toBeNull();
  expect(isRunning({ pid: process.pid, mark: self?.mark ?? '' })).toBe(true);
  expect(isRunning({ pid: process.pid, mark: 'an earlier start' })).toBe(false);
});

it.skipIf(process.platform !== 'linux')('a zombie counts as dead (made with Linux /proc)', async () => {
  // The shell becomes a program that never asks how its child ended.
  const parent = spawn('sh', ['-c', 'sh -c "exit 0" & echo $!; exec sleep 30'], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  try {
    const [chunk] = (await once(parent.stdout, 'data')) as [Buffer];
    const pid = Number(chunk.toString());
    await expect.poll(() => readFileSync(`/proc/${pid}/stat`, 'utf8'), SOON).toContain(') Z ');
    expect(identifyProcess(pid)).toBeNull();
  } finally {
    parent.kill('SIGKILL');
  }
});

it('a process that ignores the first signal gets the next', async () => {
  const stubborn = spawn('sh', ['-c', 'trap "" TERM; echo up; while :; do sleep 0.05; done'], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  await once(stubborn.stdout, 'data');
  const identity = identifyProcess(stubborn.pid ?? -1);
  const ended = once(stubborn, 'exit');
  const isGone = await endProcess(identity ?? { pid: -1, mark: '' }, [
    { signal: 'SIGTERM', waitMs: 50 },
    { signal: 'SIGKILL', waitMs: 5_000 },
  ]);
  expect(isGone).toBe(true);
  expect((await ended)[1]).toBe('SIGKILL');
});
