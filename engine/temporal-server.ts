import { setTimeout as pause } from 'node:timers/promises';
import { FaultError } from '#core/fault.ts';
import { isServing } from './grpc-health.ts';
import { type Part, spawnPart } from './part.ts';
import type { Environment } from './places.ts';
import type { ProcessIdentity } from './process-identity.ts';
import type { RotatingLog } from './rotating-log.ts';
import type { TemporalBinary } from './temporal-cache.ts';
import { TEMPORAL_SETTINGS } from './temporal-settings.ts';

/** One start of the dev server. */
export interface TemporalStart {
  binary: TemporalBinary;
  /** File database; named by server version, since an older file is not migrated (reference/temporal T53). */
  databaseFile: string;
  namespace: string;
  port: number;
  environment: Environment;
  log: RotatingLog;
  onSpawn: (identity: ProcessIdentity) => void;
  /** A start that does not serve by then is ended and counts as a death. */
  readyWithinMs: number;
}

const FRONTEND = 'temporal.api.workflowservice.v1.WorkflowService';

/** The flag that marks a Temporal of ours, with the database file behind it. */
export const DATABASE_FLAG = '--db-filename';

/** Garbage may grow to twice the heap: 35 ms of processor time a run instead of 48, for 15 MB (docs/benchmarks.md). */
const GO_GARBAGE = { GOGC: '200' };

/**
 * A run changes some 300 pages, most of them the same as the run before: they are brought into the database every 16 MB
 * instead of every 4, and 8 MB of it stay in memory instead of 2.
 */
const SQLITE = ['journal_mode=WAL', 'synchronous=NORMAL', 'wal_autocheckpoint=4000', 'cache_size=-8000'];

/** Starts Temporal on 127.0.0.1 (it accepts everybody who reaches it, so nobody else may). */
export function startTemporal(start: TemporalStart): Part {
  const address = `127.0.0.1:${start.port}`;
  const spawned = spawnPart(
    {
      role: 'temporal',
      command: start.binary.path,
      args: listArguments(start),
      environment: { ...start.environment, ...GO_GARBAGE },
      log: start.log,
      endingSteps: [
        { signal: 'SIGTERM', waitMs: 2_500 },
        { signal: 'SIGKILL', waitMs: 2_500 },
      ],
    },
    start.onSpawn,
  );
  let hasEnded = false;
  void spawned.exited.then(() => (hasEnded = true));
  const ready = async (): Promise<void> => {
    const until = performance.now() + start.readyWithinMs;
    while (!(await isServing(address, FRONTEND, 1_000))) {
      if (hasEnded) throw startFault(start, await spawned.exited);
      if (performance.now() > until) {
        await spawned.stop();
        throw startFault(start, `no answer within ${start.readyWithinMs / 1000} s`);
      }
      await pause(15);
    }
  };
  return { role: 'temporal', ...spawned, address, version: start.binary.version, ready: ready() };
}

function listArguments(start: TemporalStart): string[] {
  return [
    'server',
    'start-dev',
    '--headless',
    ...['--ip', '127.0.0.1'],
    ...['--port', String(start.port)],
    ...[DATABASE_FLAG, start.databaseFile],
    ...['--namespace', start.namespace],
    ...['--log-level', 'warn'],
    ...SQLITE.flatMap((pragma) => ['--sqlite-pragma', pragma]),
    ...TEMPORAL_SETTINGS.flatMap((setting) => ['--dynamic-config-value', setting]),
  ];
}

function startFault(start: TemporalStart, cause: string): FaultError {
  return new FaultError({
    code: 'temporal-start',
    message: `The Temporal server ${start.binary.version} did not start`,
    cause,
    fix: `read ${start.log.path}`,
    retry: { kind: 'yes', afterMs: 0 },
  });
}
