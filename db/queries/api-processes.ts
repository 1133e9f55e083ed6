import type { Database } from '../client.ts';

export interface ApiProcess {
  /** Machine and where it listens there. */
  name: string;
  version: string;
}

/** Notes that a process of the API is there, by the database's clock, and forgets those that fell silent a day ago. */
export async function keepApiProcess(
  database: Database,
  { name, version, leaseMs }: ApiProcess & { leaseMs: number },
): Promise<void> {
  await database`
    WITH forgotten AS (
      DELETE FROM api_processes WHERE alive_until < now() - interval '1 day' AND name <> ${name})
    INSERT INTO api_processes (name, version, alive_until, seen_at)
    VALUES (${name}, ${version}, now() + ${leaseMs} * interval '1 millisecond', now())
    ON CONFLICT (name) DO UPDATE SET version = excluded.version, alive_until = excluded.alive_until, seen_at = now()`;
}

/** It leaves, and is missed by nobody. */
export async function removeApiProcess(database: Database, name: string): Promise<void> {
  await database`DELETE FROM api_processes WHERE name = ${name}`;
}

/** Those that are there, and those that fell silent within the last day. */
export async function listApiProcesses(
  database: Database,
): Promise<(ApiProcess & { seenAt: string; isAlive: boolean })[]> {
  return database<(ApiProcess & { seenAt: string; isAlive: boolean })[]>`
    SELECT name, version, seen_at, alive_until > now() AS is_alive FROM api_processes
    WHERE alive_until > now() - interval '1 day' ORDER BY name`;
}
