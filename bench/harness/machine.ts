import { spawnSync } from 'node:child_process';
import { statfsSync } from 'node:fs';
import { availableParallelism, cpus, loadavg, release, totalmem, tmpdir } from 'node:os';
import { readTicks } from './idle.ts';

/** Where and when something was measured (performance.md P100). */
export interface Machine {
  /** With `+` when files differed from it. */
  commit: string;
  /** ISO. */
  date: string;
  kernel: string;
  /** Version of the container engine; `none` where none answers. */
  engine: string;
  node: string;
  processors: number;
  model: string;
  memoryBytes: number;
  freeDiskBytes: number;
  /** Of one minute, as it began. */
  load: number;
  /** Share of the processors' time that the host of a virtual machine took, 0 to 1, while it was measured. */
  steal: number;
}

/** Notes the machine; the answer, called at the end, knows what was stolen meanwhile. */
export function watchMachine(): () => Machine {
  const before = readTicks();
  const { bavail, bsize } = statfsSync(tmpdir());
  const begun = {
    commit: describeCommit(),
    date: new Date().toISOString(),
    kernel: release(),
    engine: ask('docker', ['version', '--format', '{{.Server.Version}}']) || 'none',
    node: process.version,
    processors: availableParallelism(),
    model: cpus()[0]?.model ?? 'unknown',
    memoryBytes: totalmem(),
    freeDiskBytes: bavail * bsize,
    load: loadavg()[0] ?? Number.NaN,
  };
  return () => {
    const after = readTicks();
    return { ...begun, steal: (after.steal - before.steal) / Math.max(1, after.all - before.all) };
  };
}

/** Results of earlier runs are no difference: they are written by what is described. */
function describeCommit(): string {
  const commit = ask('git', ['rev-parse', '--short=10', 'HEAD']) || 'unknown';
  return ask('git', ['status', '--porcelain', '--', ':/', ':!/bench/results', ':!/docs']) === ''
    ? commit
    : `${commit}+`;
}

function ask(command: string, args: string[]): string {
  const { stdout } = spawnSync(command, args, { cwd: import.meta.dirname, encoding: 'utf8', timeout: 10_000 });
  return stdout?.trim() ?? '';
}
