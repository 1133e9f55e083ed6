import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, it } from 'vitest';
import { endProcess, identifyProcess, isRunning } from './process-identity.ts';
import { makeZombie } from './testing/zombie.ts';

it('a process is known by pid and start, so a later one with its pid is another', () => {
  const self = identifyProcess(process.pid);
  expect(self).not.toBeNull();
  expect(isRunning({ pid: process.pid, mark: self?.mark ?? '' })).toBe(true);
  expect(isRunning({ pid: process.pid, mark: 'an earlier start' })).toBe(false);
});

it.skipIf(process.platform !== 'linux')('a zombie counts as dead (made with Linux /proc)', async () => {
  const { pid, parent } = await makeZombie();
  expect(identifyProcess(pid)).toBeNull();
  parent.kill('SIGKILL');
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
