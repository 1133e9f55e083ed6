import { execFile } from 'node:child_process';
import { resolve } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { promisify } from 'node:util';

/** Processes by pid, each with its command line. */
export type Processes = ReadonlyMap<number, string>;

/** All that name a file of this repository: our own programs, and the Postgres and Node that came with it. */
const ours = `${resolve(import.meta.dirname, '..')}/`;

/** The living processes whose command line has `mark` in it. */
export async function listProcesses(mark = ours): Promise<Processes> {
  const { stdout } = await promisify(execFile)('ps', ['-eww', '-o', 'pid=,stat=,args='], { maxBuffer: 2 ** 26 });
  const rows = [...stdout.matchAll(/^\s*(\d+)\s+(\S+)\s+(.*)$/gm)];
  return new Map(
    rows
      .filter(([, , state = '', args = '']) => !state.startsWith('Z') && args.includes(mark))
      .map(([, pid, , args = '']) => [Number(pid), args]),
  );
}

/**
 * Pid and command line of what was not there `before` and does not end by itself within five seconds. It ends nothing:
 * who started them cannot be known.
 */
export async function listLeftovers(before: Processes, mark = ours): Promise<string[]> {
  let left = new Map<number, string>();
  for (let tries = 0; tries < 25; tries += 1) {
    left = new Map([...(await listProcesses(mark))].filter(([pid]) => !before.has(pid)));
    if (left.size === 0) break;
    await setTimeout(200);
  }
  return [...left].map(([pid, args]) => `${pid} ${args}`);
}
