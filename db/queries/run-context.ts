import type { ObjectReference } from '#core/attempt.ts';
import type { DebugOptions } from '#core/shell.ts';
import type { Database } from '../client.ts';
import type { SourceRow } from '../schema/runs.ts';
import { createRunUnknown } from './change-run.ts';

/** What was recorded with the run when it was accepted and its stages need. */
export interface RunContextRow {
  runId: string;
  plan: ObjectReference;
  source: SourceRow;
  environment: Record<string, string>;
  envFile: Record<string, string>;
  dockerEndpoint: string | null;
  secretFile: string | null;
  trigger: string;
  debug: DebugOptions | null;
}

/** Throws the fault `run-unknown`. */
export async function findRunContext(database: Database, runId: string): Promise<RunContextRow> {
  const [row] = await database<RunContextRow[]>`
    SELECT id AS run_id, plan, source, environment, env_file, docker_endpoint, secret_file, trigger, debug
    FROM runs WHERE id = ${runId}`;
  if (!row) throw createRunUnknown(runId);
  return row;
}
