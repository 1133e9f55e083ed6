import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { EngineFile } from '#core/engine-file.ts';
import { FaultError, NO_RETRY } from '#core/fault.ts';
import { canConnect } from './connect.ts';
import { askSupervisor } from './control-client.ts';
import { nameControlSocket } from './control-message.ts';
import { DEATH_LIMIT } from './death-count.ts';
import { readEngineFile } from './engine-file.ts';
import { type EngineState, readEngineState } from './engine-state.ts';
import type { EnsureOptions } from './ensure.ts';
import { type DataFiles, type Environment, makeDataFolder, nameDataFiles } from './places.ts';
import { readIfPresent } from './private-file.ts';
import { findNoRoom } from './room.ts';
import { lastLine } from './run-command.ts';
import { type StartedSupervisor, startSupervisor, type WaitingSupervisor } from './start-supervisor.ts';
import type { Generation, SupervisorOptions } from './supervisor-options.ts';

const IDLE_AFTER_MS = 15 * 60_000;
const POLL_MS = 8;
/** A start that takes longer says so every ten seconds; the longest honest one fetches Temporal twice over a slow line. */
const PATIENCE_MS = 300_000;
const REMIND_MS = 10_000;
const REPLACE_WITHIN_MS = 90_000;

/** {@link EnsureOptions} with everything decided. */
export interface JoinRequest extends EnsureOptions {
  dataFolder: string;
  contentVersion: string;
  /** Folder of this installation. */
  home: string;
}

/**
 * Starts the engine or joins the one that another command is starting. Every starter sends a supervisor of its own to
 * the lock; one gets it, and all connect to what that one serves.
 */
export async function startOrJoinEngine(request: JoinRequest): Promise<EngineFile> {
  const dataFolder = makeDataFolder(request.dataFolder);
  const files = nameDataFiles(dataFolder);
  const generation = describeGeneration(request);
  let supervisor: StartedSupervisor | null = null;
  let waiting: WaitingSupervisor | null = request.supervisor ?? null;
  const tell = followSteps(request);
  const until = performance.now() + PATIENCE_MS;
  for (;;) {
    const file = readEngineFile(files.engine);
    if (file !== null && (await canConnect(file.socket))) {
      waiting?.dismiss();
      waiting = null;
      if (request.version === 'any' || file.contentVersion === request.contentVersion) return file;
      await replaceVersion(request, file, generation);
      continue;
    }
    const state = readEngineState(files.state);
    if (supervisor === null) {
      if (state?.kind === 'gave-up' && state.contentVersion === request.contentVersion)
        throw new FaultError(state.fault);
      const noRoom = findNoRoom(dataFolder);
      if (noRoom !== null) throw noRoom;
      const options: SupervisorOptions = {
        dataFolder,
        generation,
        idleAfterMs: request.overrides?.idleAfterMs ?? readIdleTime(request.environment),
        deathLimit: request.overrides?.deathLimit ?? DEATH_LIMIT,
      };
      supervisor = waiting?.begin(options) ?? startSupervisor(options, request.environment);
      waiting = null;
    }
    const exit = supervisor.exit();
    if (exit !== null && exit !== 0) throw explainExit(supervisor.pid, exit, files, dataFolder);
    // It left because another one served, which is gone by now: the next round starts anew.
    if (exit === 0) supervisor = null;
    tell(state);
    if (performance.now() > until) throw slowFault(files, state);
    await pause(POLL_MS);
  }
}

/** Passes on each new step of a start, and that it goes on when there is no new one for a while. */
function followSteps(request: JoinRequest): (state: EngineState | null) => void {
  let step = 'starting';
  let saidAt = performance.now();
  return (state) => {
    const isNew = state?.kind === 'starting' && state.step !== step;
    if (isNew) step = state.step;
    if (!isNew && performance.now() - saidAt < REMIND_MS) return;
    saidAt = performance.now();
    request.onProgress?.(isNew ? step : `still waiting for the engine (${step})`);
  };
}

/** The generation that this installation brings. */
function describeGeneration(request: JoinRequest): Generation {
  const manifest: unknown = JSON.parse(readIfPresent(join(request.home, 'package.json')) ?? '{}');
  const hasVersion = typeof manifest === 'object' && manifest !== null && 'version' in manifest;
  return {
    execPath: process.execPath,
    version: hasVersion ? String(manifest.version) : '0.0.0',
    contentVersion: request.contentVersion,
    entries: request.overrides?.entries ?? {
      worker: join(request.home, 'temporal', 'main.ts'),
      api: join(request.home, 'api', 'main.ts'),
    },
  };
}

async function replaceVersion(request: JoinRequest, file: EngineFile, generation: Generation): Promise<void> {
  request.onProgress?.(`the engine runs another version of BuildIt (${file.version}); replacing its worker and API`);
  const asked = await askSupervisor(
    nameControlSocket(file.socket),
    { kind: 'replace', token: file.token, generation },
    REPLACE_WITHIN_MS,
  );
  // It is ending: what the next round finds is another engine, or none.
  if (asked === 'unreachable') await pause(POLL_MS);
}

/** Rule 7's fifteen minutes; the variable exists for tests and for machines that want their memory back sooner. */
function readIdleTime(environment: Environment): number {
  const given = environment['BUILDIT_IDLE_AFTER_MS'];
  if (given === undefined || given === '') return IDLE_AFTER_MS;
  const parsed = Number(given);
  if (Number.isInteger(parsed) && parsed > 0) return parsed;
  throw new FaultError({
    code: 'setting-invalid',
    message: `BUILDIT_IDLE_AFTER_MS is ${given}, which is no number of milliseconds`,
    fix: 'unset it, or give a whole number above 0',
    retry: NO_RETRY,
  });
}

function slowFault(files: DataFiles, state: EngineState | null): FaultError {
  return new FaultError({
    code: 'engine-start',
    message: `The engine does not serve after ${PATIENCE_MS / 1000} s`,
    cause: state === null ? 'it has said nothing' : `it is ${state.kind}, process ${state.pid}`,
    fix: `read ${files.logs}, or stop it with "buildit engine stop" and run the command again`,
    retry: NO_RETRY,
  });
}

function explainExit(pid: number, exit: number, files: DataFiles, dataFolder: string): FaultError {
  const state = readEngineState(files.state);
  if (state !== null && state.pid === pid && (state.kind === 'failed' || state.kind === 'gave-up')) {
    return new FaultError(state.fault);
  }
  // On a full disk it could not say so.
  const noRoom = findNoRoom(dataFolder);
  if (noRoom !== null) return noRoom;
  const log = join(files.logs, 'supervisor.log');
  return new FaultError({
    code: 'engine-start',
    message: 'The engine ended before it served',
    cause: lastLine(readIfPresent(log) ?? '') || (exit === -1 ? 'it was killed' : `exit ${exit}`),
    fix: `read ${log}, then run the command again`,
    retry: NO_RETRY,
  });
}
