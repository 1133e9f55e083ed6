import type { Queryable } from '../client.ts';
import type { SwitchRow } from '../rows.ts';

/** The maintenance switch while it is on. */
export async function findMaintenance(queryable: Queryable): Promise<SwitchRow | null> {
  const [row] = await queryable<SwitchRow[]>`SELECT * FROM switches WHERE name = 'maintenance'`;
  return row ?? null;
}

/** One that is on already keeps its time and gets the reason. */
export async function beginMaintenance(queryable: Queryable, by: string, reason: string | null): Promise<SwitchRow> {
  const [row] = await queryable<SwitchRow[]>`
    INSERT INTO switches (name, switched_by, reason) VALUES ('maintenance', ${by}, ${reason})
    ON CONFLICT (name) DO UPDATE SET switched_by = excluded.switched_by, reason = excluded.reason RETURNING *`;
  if (!row) throw new Error('an upsert answers its row');
  return row;
}

export async function endMaintenance(queryable: Queryable): Promise<void> {
  await queryable`DELETE FROM switches WHERE name = 'maintenance'`;
}

/** Every organization there is, in the order in which the ends of their audits are locked. */
export async function listOrganizationIds(queryable: Queryable): Promise<string[]> {
  const rows = await queryable<{ id: string }[]>`SELECT id FROM organizations ORDER BY id`;
  return rows.map(({ id }) => id);
}
