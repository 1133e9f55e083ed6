import { setTimeout as pause } from 'node:timers/promises';
import type { EngineFile } from '#core/engine-file.ts';
import { faultOf, FaultError, NO_RETRY } from '#core/fault.ts';
import type { Fault } from '#core/fault.ts';
import { askSupervisor } from './control-client.ts';
import { nameControlSocket } from './control-message.ts';
import { keepServerVariables } from './engine-environment.ts';
import { readEngineFile } from './engine-file.ts';
import { readEngineState, type StopReason } from './engine-state.ts';
import type { EngineLock } from './lock.ts';
import { type Environment, findDataFolder, nameDataFiles } from './places.ts';
import { readIfPresent, removeIfPresent } from './private-file.ts';

/** Which engine is meant. */
export interface EngineChoice {
  dataFolder?: string;
  environment: Environment;
}

/** What `engine status` shows. */
export type EngineStatus =
  | { kind: 'running'; file: EngineFile }
  | { kind: 'starting'; step: string }
  /** `fault`: why the last start failed, if it did. `why`: how the last engine left, if it did. */
  | { kind: 'stopped'; why: StopReason | null; fault: Fault | null }
  | { kind: 'gave-up'; fault: Fault };

const PING_WITHIN_MS = 2_000;
const STOP_WITHIN_MS = 30_000;
const RELEASE_WITHIN_MS = 2_000;
const CONFIGURE_WITHIN_MS = 90_000;

/** Where the engine stands. Starts nothing. */
export async function engineStatus(choice: EngineChoice): Promise<EngineStatus> {
  const { files, control, token } = await locate(choice);
  const isAlive = (await askSupervisor(control, { kind: 'ping', token }, PING_WITHIN_MS)) === 'done';
  const file = readEngineFile(files.engine);
  const state = readEngineState(files.state);
  if (isAlive && file !== null) return { kind: 'running', file };
  if (isAlive) return { kind: 'starting', step: state?.kind === 'starting' ? state.step : 'stopping' };
  if (state?.kind === 'gave-up') return { kind: 'gave-up', fault: state.fault };
  return {
    kind: 'stopped',
    why: state?.kind === 'stopped' ? state.why : null,
    fault: state?.kind === 'failed' ? state.fault : null,
  };
}

/**
 * Stops the engine and waits until all of it has ended; stages go on detached. Also ends what a killed engine left, and
 * clears `gave-up`. @returns whether there was anything to stop
 */
export async function stopEngine(choice: EngineChoice): Promise<boolean> {
  const { files, control, token } = await locate(choice);
  if (readIfPresent(files.token) === null) return false;
  const asked = await askSupervisor(control, { kind: 'stop', token }, STOP_WITHIN_MS);
  // The supervisor answers when its parts have ended, an instant before it ends itself; a killed one has no answer.
  const lock = await waitForLock(files.lock, asked === 'done' ? STOP_WITHIN_MS : RELEASE_WITHIN_MS);
  if (lock === null) throw unreachableFault(files.folder);
  try {
    if (asked === 'done') return true;
    const { endLeftovers } = await import('./leftovers.ts');
    const ended = await endLeftovers(files.children, []);
    removeIfPresent(files.engine);
    removeIfPresent(files.state);
    return ended.length > 0;
  } finally {
    lock.release();
  }
}

/**
 * Stops the engine unless somebody is connected to it. The caller has closed its own connections.
 * @returns whether no engine runs any more
 */
export async function releaseEngine(choice: EngineChoice): Promise<boolean> {
  const { control, token } = await locate(choice);
  try {
    await askSupervisor(control, { kind: 'release', token }, STOP_WITHIN_MS);
    return true;
  } catch (error) {
    if (faultOf(error)?.code !== 'engine-in-use') throw error;
    return false;
  }
}

/** Gives worker and API of the running engine the server settings of `choice.environment`; they are replaced. */
export async function configureEngine(choice: EngineChoice): Promise<void> {
  const { control, token } = await locate(choice);
  const variables = keepServerVariables(choice.environment);
  await askSupervisor(control, { kind: 'configure', token, variables }, CONFIGURE_WITHIN_MS);
}

async function locate(
  choice: EngineChoice,
): Promise<{ files: ReturnType<typeof nameDataFiles>; control: string; token: string }> {
  const { environment } = choice;
  const folder = choice.dataFolder ?? findDataFolder(environment);
  const { realpathSync, existsSync } = await import('node:fs');
  const files = nameDataFiles(existsSync(folder) ? realpathSync(folder) : folder);
  const token = readIfPresent(files.token) ?? '';
  const running = readEngineFile(files.engine);
  if (running !== null) return { files, control: nameControlSocket(running.socket), token };
  const { nameRuntimePlaces } = await import('./runtime-places.ts');
  return { files, control: nameControlSocket(nameRuntimePlaces(files.folder, environment).socket), token };
}

async function waitForLock(file: string, timeoutMs: number): Promise<EngineLock | null> {
  const { takeEngineLock } = await import('./lock.ts');
  const until = performance.now() + timeoutMs;
  for (;;) {
    const lock = takeEngineLock(file);
    if (lock !== null || performance.now() > until) return lock;
    await pause(10);
  }
}

function unreachableFault(dataFolder: string): FaultError {
  return new FaultError({
    code: 'engine-no-answer',
    message: 'An engine holds the data folder but does not answer',
    cause: `its supervisor has the lock of ${dataFolder} and no socket`,
    fix: 'wait a moment and try again; if it stays so, end the process that holds engine.lock',
    retry: NO_RETRY,
  });
}
