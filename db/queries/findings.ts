import { asJson, type Database } from '../client.ts';
import type { FindingRow } from '../rows.ts';

export type Finding = Pick<FindingRow, 'kind' | 'subject' | 'message'>;

/** Keeps what was found, and forgets what of these kinds was not found any more. */
export async function keepFindings(
  database: Database,
  kinds: readonly string[],
  findings: readonly Finding[],
): Promise<void> {
  await database.begin(async (transaction) => {
    await transaction`
      INSERT INTO findings (kind, subject, message)
      SELECT kind, subject, min(message) FROM json_to_recordset(${asJson(transaction, findings)}::json)
        AS found(kind text, subject text, message text)
      GROUP BY kind, subject
      ON CONFLICT (kind, subject) DO UPDATE SET message = excluded.message, seen_at = now()`;
    await transaction`
      DELETE FROM findings WHERE kind IN ${transaction(['', ...kinds])} AND seen_at < now()`;
  });
}

/** Oldest first. */
export function listFindings(database: Database): Promise<FindingRow[]> {
  return database<FindingRow[]>`SELECT * FROM findings ORDER BY first_seen_at, kind, subject LIMIT 100`;
}
