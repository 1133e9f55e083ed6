import { afterAll, beforeAll } from 'vitest';
import type { RunObject } from '#core/rest.ts';
import type { RecordBatch, Status } from '#core/run.ts';
import { recordBatch } from '#db/queries/record-batch.ts';
import { startApi, type TestApi } from './api.ts';
import { type TestDatabases } from './databases.ts';
import { joinPostgres } from './shared-postgres.ts';

export const AT = '2026-01-02T03:04:05.000Z';

/** One API for all tests of a `describe`, on a database of its own. The answer works inside tests only. */
export function useApi(): () => TestApi {
  let server: TestDatabases | null = null;
  let api: TestApi | null = null;
  beforeAll(async () => {
    server = await joinPostgres();
    api = await startApi(server);
  });
  afterAll(async () => {
    await api?.stop();
    await server?.stop();
  });
  return () => {
    if (!api) throw new Error('the API is there inside tests only');
    return api;
  };
}

/** Plays the workflow: writes a transition of some nodes, gates or the run. */
export async function playBatch(
  api: TestApi,
  run: Pick<RunObject, 'id'>,
  version: number,
  changes: Partial<Pick<RecordBatch, 'run' | 'nodes' | 'gates'>>,
): Promise<void> {
  await recordBatch(api.database, { runId: run.id, version, at: AT, run: null, nodes: [], gates: [], ...changes });
}

export const running: Status = { kind: 'running', attempt: 1, since: AT, heartbeatAt: AT };

export function ended(ending: Extract<Status, { kind: 'ended' }>['ending']): Status {
  return { kind: 'ended', ending, reason: null, at: AT };
}

export function node(name: string, status: Status, outputs: Record<string, string> = {}): RecordBatch['nodes'][number] {
  const isEnded = status.kind === 'ended';
  return {
    name,
    status,
    result: isEnded
      ? { ending: status.ending, reason: status.reason, outputs, artifacts: [], attempts: 1, carriedFrom: null }
      : null,
  };
}

/** The problem of a refused call. */
export async function refusalOf(call: Promise<unknown>): Promise<unknown> {
  const thrown: unknown = await call.then(
    () => null,
    (error: unknown) => error,
  );
  return typeof thrown === 'object' && thrown !== null && 'problem' in thrown ? thrown.problem : thrown;
}
