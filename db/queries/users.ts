import type { Database, Queryable, Transaction } from '../client.ts';
import type { UserRow } from '../rows.ts';

/** By name or e-mail, as people type it; null for one who may not sign in. */
export async function findUserByLogin(database: Database, login: string): Promise<UserRow | null> {
  const [row] = await database<UserRow[]>`
    SELECT * FROM users WHERE (name = lower(${login}) OR email = lower(${login})) AND disabled_at IS NULL`;
  return row ?? null;
}

export async function findUser(queryable: Queryable, id: string): Promise<UserRow | null> {
  const [row] = await queryable<UserRow[]>`SELECT * FROM users WHERE id = ${id} AND disabled_at IS NULL`;
  return row ?? null;
}

export async function hasUsers(queryable: Queryable): Promise<boolean> {
  const [row] = await queryable<{ found: boolean }[]>`SELECT EXISTS (SELECT FROM users) AS found`;
  return row?.found ?? false;
}

/** Adds an account; null when its name or e-mail is taken. */
export async function insertUser(
  queryable: Queryable,
  user: Pick<UserRow, 'id' | 'name' | 'email' | 'displayName' | 'passwordHash' | 'isOperator'>,
): Promise<UserRow | null> {
  const [row] = await queryable<UserRow[]>`
    INSERT INTO users (id, name, email, display_name, password_hash, is_operator)
    VALUES (${user.id}, ${user.name}, lower(${user.email}), ${user.displayName}, ${user.passwordHash}, ${user.isOperator})
    ON CONFLICT DO NOTHING RETURNING *`;
  return row ?? null;
}

export async function renameUser(transaction: Transaction, id: string, displayName: string): Promise<void> {
  await transaction`UPDATE users SET display_name = ${displayName} WHERE id = ${id}`;
}

/** Another password ends every other sign-in of the account: browsers and command lines. */
export async function changePassword(
  transaction: Transaction,
  change: { userId: string; passwordHash: string; exceptSessionId: string },
): Promise<void> {
  const { userId, passwordHash, exceptSessionId } = change;
  await transaction`UPDATE users SET password_hash = ${passwordHash} WHERE id = ${userId}`;
  await transaction`
    UPDATE sessions SET revoked_at = now()
    WHERE user_id = ${userId} AND revoked_at IS NULL AND id <> ${exceptSessionId}`;
  await transaction`
    UPDATE cli_sessions SET revoked_at = now()
    WHERE user_id = ${userId} AND revoked_at IS NULL AND id <> ${exceptSessionId}`;
  await transaction`UPDATE sessions SET rotated_at = 'epoch' WHERE id = ${exceptSessionId}`;
}

/** Makes somebody an owner of an organization, by its name. */
export async function insertOwner(
  queryable: Queryable,
  owner: { id: string; userId: string; organization: string },
): Promise<void> {
  await queryable`
    INSERT INTO organization_members (id, organization_id, user_id, role)
    SELECT ${owner.id}, id, ${owner.userId}, 'owner' FROM organizations WHERE name = ${owner.organization}`;
}

/** Of the organizations an account is in, or of all for the local user; always in one order. */
export async function listOrganizationIdsOf(queryable: Queryable, userId: string | null): Promise<string[]> {
  const rows = await queryable<{ id: string }[]>`
    SELECT id FROM organizations
    WHERE ${userId}::uuid IS NULL
      OR id IN (SELECT organization_id FROM organization_members WHERE user_id = ${userId}::uuid)
      OR id IN (SELECT organization_id FROM role_bindings WHERE user_id = ${userId}::uuid)
    ORDER BY id`;
  return rows.map(({ id }) => id);
}
