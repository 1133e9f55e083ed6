import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { endLeftovers, expectChildren, recordChildren } from './leftovers.ts';
import { identifyProcess } from './process-identity.ts';

let folder = '';
let file = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'buildit-left-'));
  file = join(folder, 'children.json');
});
afterEach(() => rmSync(folder, { recursive: true }));

/** A process that runs until it is ended, with this in its command line. */
function spawnSleeper(...args: string[]): number {
  return spawn('sh', ['-c', 'while :; do sleep 0.1; done', 'sleeper', ...args], { stdio: 'ignore' }).pid ?? -1;
}

it('what was written down is ended', async () => {
  const pid = spawnSleeper();
  recordChildren(file).add({ pid, mark: identifyProcess(pid)?.mark ?? '', role: 'temporal' });
  const ended = await endLeftovers(file, []);
  expect(ended).toMatchObject([{ pid, role: 'temporal' }]);
  expect(identifyProcess(pid)).toBeNull();
  expect(existsSync(file)).toBe(false);
});

it('another process that got the pid since is left alone', async () => {
  const text = JSON.stringify([{ pid: process.pid, mark: 'an earlier boot/1', role: 'worker' }]);
  writeFileSync(file, text);
  expect(await endLeftovers(file, [])).toEqual([]);
});

it.skipIf(process.platform !== 'linux')(
  'what was started but not yet written down is found by its data path (needs Linux /proc)',
  async () => {
    const pid = spawnSleeper('--db-filename', join(folder, 'temporal-1.32.0.db'));
    const other = spawnSleeper('--db-filename', join(folder, 'another.db'));
    try {
      expectChildren(file);
      const mark = { role: 'temporal', flag: '--db-filename', path: join(folder, 'temporal-1.32.0.db') } as const;
      expect(await endLeftovers(file, [mark])).toMatchObject([{ pid }]);
      expect(identifyProcess(other)).not.toBeNull();
    } finally {
      process.kill(other, 'SIGKILL');
    }
  },
);
