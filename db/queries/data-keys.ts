import type { Database } from '../client.ts';
import type { DataKeyRow } from '../rows.ts';

/** A data key as it lies in the table: sealed by a master key. */
export type WrappedKey = Pick<DataKeyRow, 'id' | 'organizationId' | 'masterKeyId' | 'iv' | 'wrapped' | 'tag'>;

const COLUMNS = ['id', 'organization_id', 'master_key_id', 'iv', 'wrapped', 'tag'];

/** The key that seals for an organization now, one more use of it counted; null when there is none. */
export async function useDataKey(
  database: Database,
  organizationId: string,
): Promise<(WrappedKey & Pick<DataKeyRow, 'writes'>) | null> {
  const [row] = await database<(WrappedKey & Pick<DataKeyRow, 'writes'>)[]>`
    UPDATE data_keys SET writes = writes + 1
    WHERE organization_id = ${organizationId} AND retired_at IS NULL
    RETURNING ${database(COLUMNS)}, writes`;
  return row ?? null;
}

/** A key by its id, retired or not. */
export async function findDataKey(
  database: Database,
  organizationId: string,
  id: string,
): Promise<(WrappedKey & Pick<DataKeyRow, 'retiredAt'>) | null> {
  const [row] = await database<(WrappedKey & Pick<DataKeyRow, 'retiredAt'>)[]>`
    SELECT ${database(COLUMNS)}, retired_at FROM data_keys
    WHERE id = ${id} AND organization_id = ${organizationId}`;
  return row ?? null;
}

/** Adds an organization's key, unless it has one meanwhile. */
export async function insertDataKey(database: Database, key: WrappedKey): Promise<void> {
  await database`
    INSERT INTO data_keys (id, organization_id, master_key_id, iv, wrapped, tag)
    VALUES (${key.id}, ${key.organizationId}, ${key.masterKeyId}, ${key.iv}, ${key.wrapped}, ${key.tag})
    ON CONFLICT DO NOTHING`;
}

/** From now on the key only opens. */
export async function retireDataKey(database: Database, id: string): Promise<void> {
  await database`UPDATE data_keys SET retired_at = now() WHERE id = ${id} AND retired_at IS NULL`;
}

/** Whether anything was ever sealed here. */
export async function hasDataKeys(database: Database): Promise<boolean> {
  const [row] = await database<{ hasAny: boolean }[]>`SELECT EXISTS (SELECT FROM data_keys) AS has_any`;
  return row?.hasAny ?? false;
}

/** Keys that another master key than `masterKeyId` seals. */
export async function listForeignKeys(database: Database, masterKeyId: string): Promise<WrappedKey[]> {
  return database<WrappedKey[]>`
    SELECT ${database(COLUMNS)} FROM data_keys WHERE master_key_id <> ${masterKeyId} ORDER BY id`;
}

/** Puts another sealing of the same key in place of the one by `from`; nothing if somebody did so before. */
export async function rewrapDataKey(database: Database, key: WrappedKey, from: string): Promise<void> {
  await database`
    UPDATE data_keys SET master_key_id = ${key.masterKeyId}, iv = ${key.iv}, wrapped = ${key.wrapped}, tag = ${key.tag}
    WHERE id = ${key.id} AND master_key_id = ${from}`;
}
