import { asJson, type Database } from '../client.ts';
import { isId } from '../id.ts';
import type { CommandRow } from '../rows.ts';
import { inWorkspaces, type Scoped } from '../scope.ts';

export async function insertCommand(
  database: Database,
  command: Pick<CommandRow, 'id' | 'runId' | 'updateId' | 'updateName' | 'updateArguments'>,
): Promise<void> {
  await database`
    INSERT INTO commands (id, run_id, update_id, update_name, update_arguments, state)
    VALUES (${command.id}, ${command.runId}, ${command.updateId}, ${command.updateName},
      ${asJson(database, command.updateArguments)}, 'pending')`;
}

export async function settleCommand(
  database: Database,
  id: string,
  verdict: { state: 'accepted' | 'refused'; problem: CommandRow['problem'] },
): Promise<void> {
  await database`
    UPDATE commands SET state = ${verdict.state}, problem = ${asJson(database, verdict.problem)}
    WHERE id = ${id} AND state = 'pending'`;
}

export async function findCommand(scoped: Scoped, id: string): Promise<CommandRow | null> {
  if (!isId(id)) return null;
  const [row] = await scoped<CommandRow[]>`SELECT * FROM commands WHERE id = ${id} AND ${inWorkspaces(scoped)}`;
  return row ?? null;
}

export function listPendingCommands(database: Database): Promise<CommandRow[]> {
  return database<CommandRow[]>`SELECT * FROM commands WHERE state = 'pending' ORDER BY created_at`;
}

/** Whether somebody asked to cancel the run and was not refused. */
export async function hasCancel(database: Database, runId: string): Promise<boolean> {
  const rows = await database`
    SELECT FROM commands WHERE run_id = ${runId} AND update_name = 'cancelRun' AND state <> 'refused' LIMIT 1`;
  return rows.length > 0;
}
