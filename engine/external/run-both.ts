import type { Fault } from '#core/fault.ts';
import { DEATH_LIMIT } from '../death-count.ts';
import { keepRunning } from '../keep-running.ts';
import { listNodeFlags } from '../node-flags.ts';
import { startNodePart } from '../node-part.ts';
import type { Environment } from '../places.ts';
import type { RotatingLog } from '../rotating-log.ts';
import { ENTRIES } from './environment.ts';

/** API and worker as children of the command. */
export interface ServerProcesses {
  /** Resolves with the fault of the one that died too often. */
  gaveUp: Promise<Fault>;
  /** The worker leaves its stages running. */
  stop(): Promise<void>;
}

const READY_WITHIN_MS = 60_000;

/** Starts both and starts each again when it dies. What they write goes to this process' own output. */
export function runServerProcesses(environment: Environment, contentVersion: string): ServerProcesses {
  const giveUp = Promise.withResolvers<Fault>();
  const generation = { execPath: process.execPath, version: '', contentVersion, entries: ENTRIES };
  const keep = (role: 'worker' | 'api') =>
    keepRunning(
      role,
      async () =>
        startNodePart({
          ...{ role, generation, environment, engine: {}, log: OUTPUT, readyWithinMs: READY_WITHIN_MS },
          onMessage: () => {},
          onSpawn: () => {},
        }),
      {
        onChange: () => {},
        onReady: () => {},
        onDeath: (_, how) => process.stderr.write(`${role} ended: ${how}; it is started again\n`),
        onGiveUp: (fault) => giveUp.resolve(fault),
      },
      DEATH_LIMIT,
    );
  const keepers = [keep('api'), keep('worker')];
  return {
    gaveUp: giveUp.promise,
    stop: async () => void (await Promise.all(keepers.map((keeper) => keeper.stop()))),
  };
}

/** A server in the foreground, in a container say, has its log where its output goes. */
const OUTPUT: RotatingLog = {
  path: 'the output of the server',
  write: (chunk) => void process.stdout.write(chunk),
  close: () => {},
};

/**
 * Becomes the API or the worker: the same process, with that program in the place of this one, so that signals and exit
 * code are its own. Does not return.
 */
export function becomeServerProcess(role: 'api' | 'worker', environment: Environment): never {
  const set = Object.entries(environment).filter((entry): entry is [string, string] => entry[1] !== undefined);
  const program = [process.execPath, ...listNodeFlags(role, ENTRIES[role]), ENTRIES[role]];
  // The types know no platform without it; BuildIt runs on none of these.
  if (process.execve === undefined) throw new Error('this platform cannot replace a process');
  return process.execve(process.execPath, program, Object.fromEntries(set));
}
