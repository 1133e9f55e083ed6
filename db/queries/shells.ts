import { v7 as createId } from 'uuid';
import type { Database } from '../client.ts';
import type { ShellRow } from '../rows.ts';
import { inWorkspaces, type Scoped } from '../scope.ts';
import { SHELLS_CHANNEL } from '../shell-link.ts';

export type NewShell = Pick<
  ShellRow,
  'runId' | 'stage' | 'attempt' | 'hostId' | 'openedBy' | 'secrets' | 'terminalRows' | 'terminalColumns'
>;

/** Writes down that somebody wants a terminal. Its host hears of it by {@link announceShell}. */
export async function insertShell(scoped: Scoped, shell: NewShell): Promise<ShellRow> {
  const row = {
    id: createId(),
    ...{ run_id: shell.runId, stage: shell.stage, attempt: shell.attempt, host_id: shell.hostId },
    ...{ opened_by: shell.openedBy, secrets: shell.secrets },
    ...{ terminal_rows: shell.terminalRows, terminal_columns: shell.terminalColumns },
  };
  const [inserted] = await scoped<ShellRow[]>`INSERT INTO shells ${scoped(row)} RETURNING *`;
  if (!inserted) throw new Error('the shell was not written');
  return inserted;
}

export async function findShell(scoped: Scoped, runId: string, id: string): Promise<ShellRow | null> {
  const [row] = await scoped<ShellRow[]>`
    SELECT * FROM shells WHERE id = ${id} AND run_id = ${runId} AND ${inWorkspaces(scoped)}`;
  return row ?? null;
}

/** Who asked is there and listens: the host may open it. */
export async function announceShell(database: Database, shell: Pick<ShellRow, 'id' | 'hostId'>): Promise<void> {
  await database`SELECT pg_notify(${SHELLS_CHANNEL}, ${`${shell.hostId} ${shell.id}`})`;
}

/** Takes a shell for this process; null when another one has it or it is over. */
export async function takeShell(database: Database, id: string): Promise<ShellRow | null> {
  const [row] = await database<ShellRow[]>`
    UPDATE shells SET state = 'open', beat_at = now() WHERE id = ${id} AND state = 'asked' RETURNING *`;
  return row ?? null;
}

export async function endShell(database: Database, id: string): Promise<void> {
  await database`UPDATE shells SET state = 'ended', ended_at = now() WHERE id = ${id} AND state <> 'ended'`;
}

/** The person of an open shell is there; false when it was ended meanwhile. */
export async function beatShell(database: Database, id: string): Promise<boolean> {
  const rows = await database`UPDATE shells SET beat_at = now() WHERE id = ${id} AND state = 'open' RETURNING id`;
  return rows.length > 0;
}

/** Who asked has left again: ends the shell unless a host has it, which ends it itself. */
export async function withdrawShell(database: Database, id: string): Promise<void> {
  await database`UPDATE shells SET state = 'ended', ended_at = now() WHERE id = ${id} AND state = 'asked'`;
}

/** Ends shells that nobody has: their person never came, or their host was killed. */
export async function endLostShells(database: Database): Promise<void> {
  await database`
    UPDATE shells SET state = 'ended', ended_at = now() WHERE state <> 'ended' AND NOT ${isHad(database)}`;
}

/** Somebody comes within two minutes of asking, or is at an open one: its host beats every 15 s. */
function isHad(database: Database) {
  return database`(
    (state = 'asked' AND created_at > now() - interval '2 minutes')
    OR (state = 'open' AND coalesce(beat_at, created_at) > now() - interval '90 seconds'))`;
}

/** Terminals of an attempt since a moment: how many somebody has, and how many somebody had. */
export async function countShells(
  database: Database,
  key: { runId: string; stage: string; attempt: number },
  since: string,
): Promise<{ open: number; ended: number }> {
  const [row] = await database<{ open: number; ended: number }[]>`
    SELECT count(*) FILTER (WHERE ${isHad(database)})::int AS open,
      count(*) FILTER (WHERE beat_at IS NOT NULL AND NOT ${isHad(database)})::int AS ended
    FROM shells
    WHERE run_id = ${key.runId} AND stage = ${key.stage} AND attempt = ${key.attempt} AND created_at >= ${since}`;
  return row ?? { open: 0, ended: 0 };
}

/**
 * Where a terminal of a stage is opened: at its newest attempt, on the host that has or had it; null when there is none.
 * Claims are no tenant's: who asks has found the run already.
 */
export async function findShellPlace(
  database: Database,
  runId: string,
  stage: string,
): Promise<{ attempt: number; hostId: string } | null> {
  const [row] = await database<{ attempt: number; hostId: string }[]>`
    SELECT attempt, host_id FROM (
      SELECT attempt, host_id FROM attempts
      WHERE run_id = ${runId} AND stage = ${stage} AND host_id IS NOT NULL
      UNION ALL
      -- Held before it begins: nothing is written of the attempt yet.
      SELECT 0, host_id FROM host_claims WHERE run_id = ${runId}) AS places
    ORDER BY attempt DESC LIMIT 1`;
  return row ? { ...row, attempt: Math.max(1, row.attempt) } : null;
}
