import type { ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { removeDeadLocks } from './postgres-remains.ts';
import { makeZombie } from './testing/zombie.ts';

const NO_SEGMENT = '    1234 2147483000';

describe.skipIf(process.platform !== 'linux')('lock files of a killed Postgres (read from Linux /proc)', () => {
  let folder = '';
  let parent: ChildProcess | null = null;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'buildit-remains-'));
  });
  afterEach(() => {
    parent?.kill('SIGKILL');
    rmSync(folder, { recursive: true });
  });

  function writeLocks(pid: number): void {
    writeFileSync(join(folder, 'postmaster.pid'), `${pid}\n/data\n0\n5432\n/run\n\n${NO_SEGMENT}\nready\n`);
    writeFileSync(join(folder, 'socket.lock'), `${pid}\n`);
  }
  const remove = (): void => removeDeadLocks(folder, join(folder, 'socket.lock'));
  const left = (): boolean[] => ['postmaster.pid', 'socket.lock'].map((name) => existsSync(join(folder, name)));

  it('go when it is a zombie that nobody reaps', async () => {
    const zombie = await makeZombie();
    parent = zombie.parent;
    writeLocks(zombie.pid);
    remove();
    expect(left()).toEqual([false, false]);
  });

  it('stay while it lives', () => {
    writeLocks(process.pid);
    remove();
    expect(left()).toEqual([true, true]);
  });

  it('nothing happens where there are none', () => {
    remove();
    expect(left()).toEqual([false, false]);
  });
});
