import { FaultError, NO_RETRY, toFault } from '#core/fault.ts';
import type { Keeper } from './keep-running.ts';
import type { Generation } from './supervisor-options.ts';

/** Worker and API of one generation. */
export interface GenerationKeepers {
  generation: Generation;
  worker: Keeper;
  api: Keeper;
}

/** Starts one of them; the caller knows servers, logs and events. */
export type KeepNodePart = (role: 'worker' | 'api', generation: Generation) => Keeper;

/** Starts both at once. */
export function startGeneration(generation: Generation, keep: KeepNodePart): GenerationKeepers {
  // The API first: it is what a waiting command is waiting for.
  const api = keep('api', generation);
  return { generation, api, worker: keep('worker', generation) };
}

/**
 * Replaces worker and API by those of another version, while Temporal, Postgres and stages stay (ENGINE 9).
 *
 * Order: new API serves (it takes the socket's place in one step) ─▶ old API ends, new worker starts, old worker ends.
 * The worker waits for the API's word: one whose API refuses, since the data is newer than itself, must not touch a run.
 * On a refusal nothing has changed, and the command that asked gets the reason. @returns what runs from now on
 */
export async function replaceGeneration(
  old: GenerationKeepers,
  next: Generation,
  keep: KeepNodePart,
): Promise<GenerationKeepers> {
  const api = keep('api', next);
  try {
    await api.firstReady;
  } catch (error) {
    await api.stop();
    throw refusal(next, error);
  }
  const worker = keep('worker', next);
  await Promise.all([old.api.stop(), old.worker.stop(), worker.firstReady]);
  return { generation: next, api, worker };
}

/** What the command shows: the API's own reason where it is one of the user's data. */
function refusal(next: Generation, error: unknown): FaultError {
  const fault = toFault(error);
  if (fault.code !== 'engine-gave-up' && fault.code !== 'internal') return new FaultError(fault);
  return new FaultError({
    code: 'engine-version-refused',
    message: `BuildIt ${next.version} of this command does not start on the running engine; the engine goes on as it was`,
    cause: fault.cause ?? fault.message,
    fix: 'read why with "buildit engine logs api", or end it with "buildit engine stop" and run the command again',
    retry: NO_RETRY,
  });
}
