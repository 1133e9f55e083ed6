import type { EnvironmentLock } from '#core/rest-environments.ts';
import type { Database } from '../client.ts';
import { inWorkspaces, type Scoped } from '../scope.ts';

/** An environment as a stage of a run finds it. */
export interface RunEnvironment {
  id: string;
  lock: EnvironmentLock | null;
}

/**
 * The environment of that name in the workspace of a run; null when there is none. On a laptop there is nobody who would
 * have made it: a local run makes it by naming it.
 */
export async function findRunEnvironment(
  database: Database,
  runId: string,
  name: string,
): Promise<RunEnvironment | null> {
  await database`
    INSERT INTO environments (id, workspace_id, name)
    SELECT gen_random_uuid(), workspace_id, ${name} FROM runs WHERE id = ${runId} AND trigger = 'local'
    ON CONFLICT (workspace_id, name) DO NOTHING`;
  const [row] = await database<RunEnvironment[]>`
    SELECT environments.id, environments.lock
    FROM environments JOIN runs ON runs.workspace_id = environments.workspace_id
    WHERE runs.id = ${runId} AND environments.name = ${name}`;
  return row ?? null;
}

/** Those of the names that the workspace has no environment of. */
export async function listUnknownEnvironments(
  scoped: Scoped,
  workspaceId: string,
  names: readonly string[],
): Promise<string[]> {
  const rows = await scoped<{ name: string }[]>`
    SELECT name FROM environments WHERE workspace_id = ${workspaceId} AND ${inWorkspaces(scoped)}
      AND name IN ${scoped(['', ...names])}`;
  return names.filter((name) => !rows.some((row) => row.name === name));
}

/** Stages of open runs that an environment's lock holds back. */
export function listHeldBack(
  scoped: Scoped,
  workspaceId: string,
  environment: string,
): Promise<{ runId: string; name: string }[]> {
  return scoped<{ runId: string; name: string }[]>`
    SELECT run_id, name FROM stages
    WHERE workspace_id = ${workspaceId} AND ${inWorkspaces(scoped)} AND status_kind = 'queued'
      AND status -> 'reason' ->> 'code' = 'environment-locked'
      AND status -> 'reason' -> 'values' ->> 'environment' = ${environment}`;
}
