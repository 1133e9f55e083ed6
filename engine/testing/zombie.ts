import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import type { Writable } from 'node:stream';
import { expect } from 'vitest';

/** A process that has ended and that nobody asks how. */
export interface Zombie {
  pid: number;
  /** Its parent, which has to be ended by the test. */
  parent: ChildProcess;
}

const SOON = { timeout: 15_000 };

/** Makes a zombie: a shell starts a child and becomes a program that knows of no child; only then the child ends. */
export async function makeZombie(): Promise<Zombie> {
  const parent = spawn('sh', ['-c', 'cat <&3 >/dev/null & echo $!; exec sleep 60'], {
    stdio: ['ignore', 'pipe', 'ignore', 'pipe'],
  });
  const [chunk] = (await once(parent.stdout as NonNullable<typeof parent.stdout>, 'data')) as [Buffer];
  const pid = Number(chunk.toString());
  await expect.poll(() => readFileSync(`/proc/${parent.pid}/comm`, 'utf8').trim(), SOON).toBe('sleep');
  (parent.stdio[3] as Writable).end();
  await expect.poll(() => readFileSync(`/proc/${pid}/stat`, 'utf8'), SOON).toContain(') Z ');
  return { pid, parent };
}
