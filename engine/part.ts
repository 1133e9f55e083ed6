import { type ChildProcess, spawn } from 'node:child_process';
import type { EngineRole } from '#core/engine-file.ts';
import type { Environment } from './places.ts';
import { type EndingStep, endProcess, identifyProcess, type ProcessIdentity } from './process-identity.ts';
import type { RotatingLog } from './rotating-log.ts';

/** A role that the supervisor starts, that is every one but its own. */
export type PartRole = Exclude<EngineRole, 'supervisor'>;

/** One start of Temporal, Postgres, the worker or the API. A later start of the same role is another part. */
export interface Part {
  role: PartRole;
  identity: ProcessIdentity;
  address: string;
  version: string;
  /** Settles once: resolved when it serves, rejected with a fault when it ended before that. */
  ready: Promise<void>;
  /** Resolves with how it ended, e.g. `exit 1` or `SIGKILL`. Never rejects. */
  exited: Promise<string>;
  /** Asks it to end, then ends it; resolves when it is gone. Safe twice. */
  stop(): Promise<void>;
}

/** What {@link spawnPart} runs. */
export interface PartCommand {
  role: PartRole;
  command: string;
  args: readonly string[];
  environment: Environment;
  log: RotatingLog;
  endingSteps: readonly EndingStep[];
  account?: { uid: number; gid: number };
  folder?: string;
  /** With a handler the process gets a channel (Node's IPC) and dies with it. */
  onMessage?: (message: unknown) => void;
}

/** A spawned process before anybody knows whether it serves. */
export interface SpawnedPart {
  identity: ProcessIdentity;
  exited: Promise<string>;
  stop(): Promise<void>;
}

/**
 * Spawns one process with its output in its log. Throws when the program cannot be started at all. `onSpawn` runs before
 * anything else can happen, so that a process is written down even if we die in the next instant.
 */
export function spawnPart(command: PartCommand, onSpawn: (identity: ProcessIdentity) => void): SpawnedPart {
  const child = spawn(command.command, [...command.args], {
    env: command.environment,
    stdio: command.onMessage ? ['ignore', 'pipe', 'pipe', 'ipc'] : ['ignore', 'pipe', 'pipe'],
    ...(command.folder === undefined ? {} : { cwd: command.folder }),
    ...command.account,
  });
  const exited = watchExit(child);
  if (command.onMessage) child.on('message', command.onMessage);
  child.stdout?.on('data', (chunk: Buffer) => command.log.write(chunk));
  child.stderr?.on('data', (chunk: Buffer) => command.log.write(chunk));
  const identity = { pid: child.pid ?? -1, mark: child.pid === undefined ? '' : markOf(child.pid) };
  try {
    if (child.pid !== undefined) onSpawn(identity);
  } catch (error) {
    // Not written down (a full disk): it must not live, or nobody would know it when we are gone.
    child.kill('SIGKILL');
    throw error;
  }

  let stopping: Promise<void> | null = null;
  const stop = async (): Promise<void> => {
    await endProcess(identity, command.endingSteps);
    await exited;
  };
  return { identity, exited, stop: () => (stopping ??= child.pid === undefined ? Promise.resolve() : stop()) };
}

/** A child of ours that died at once is a zombie until Node reaps it, and has no mark: it is nobody else's pid yet. */
function markOf(pid: number): string {
  return identifyProcess(pid)?.mark ?? '';
}

function watchExit(child: ChildProcess): Promise<string> {
  return new Promise((resolve) => {
    child.once('error', (error) => resolve(error.message));
    child.once('exit', (code, signal) => resolve(signal ?? `exit ${code}`));
  });
}
