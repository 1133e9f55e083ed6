import type { PendingQuery, Row } from 'postgres';
import type { Database, Transaction } from './client.ts';

/** Whose rows a request may see: found once, when it is authenticated. */
export interface Scope {
  /** Its own kept answers (`idempotency_keys`). */
  callerId: string;
  organizationIds: readonly string[];
  /** Place in the trace of the request (W3C `traceparent`), kept with what it starts. */
  traceParent?: string | null;
  workspaceIds: readonly string[];
}

declare const mark: unique symbol;

/**
 * A transaction in which the rows of other workspaces do not exist. Queries of what belongs to a workspace take it, and
 * nothing else, and name the workspaces in their conditions ({@link Scope}); should one forget to, row-level security
 * under the role `buildit_tenant` sees to it (db/migrations, `…_row-level-security.sql`).
 */
export type Scoped = Transaction & { readonly [mark]: Scope };

const scopes = new WeakMap<object, Scope>();

/** The scope a transaction was begun with. */
function scopeOf(scoped: Scoped): Scope {
  const scope = scopes.get(scoped);
  if (!scope) throw new Error('the transaction was not begun by inScope');
  return scope;
}

/** The condition that a column is one of the workspaces of the scope. */
export function inWorkspaces(scoped: Scoped, column = 'workspace_id') {
  return isAmong(scoped, column, scopeOf(scoped).workspaceIds);
}

/** The condition that a column is one of the organizations of the scope. */
export function inOrganizations(scoped: Scoped, column = 'organization_id') {
  return isAmong(scoped, column, scopeOf(scoped).organizationIds);
}

/** No row has it: with it a list of ids is never empty, which SQL does not know. */
const NO_ID = '00000000-0000-0000-0000-000000000000';

/** The condition that a column is one of these ids; of none it is false. */
export function isAmong(scoped: Scoped, column: string, ids: readonly string[]) {
  return scoped`${scoped(column)} IN ${scoped([NO_ID, ...ids])}`;
}

/**
 * Runs `work` in a transaction of its own under the role `buildit_tenant`, limited to `scope`. The settings end with
 * the transaction, so a connection goes back to the pool without them.
 */
export function inScope<Result>(
  database: Database,
  scope: Scope,
  work: (scoped: Scoped) => Promise<Result>,
): Promise<Result> {
  return begin(database, scope, work, database``);
}

/**
 * As {@link inScope}, for what many write under one lock: the next one gets it before the disk has what this one has
 * written, so that a slow disk makes nobody stand in line. Resolves once the disk has it: what is answered outlasts a crash.
 */
export async function inScopeBriefly<Result>(
  database: Database,
  scope: Scope,
  work: (scoped: Scoped) => Promise<Result>,
): Promise<Result> {
  const result = await begin(database, scope, work, database`, set_config('synchronous_commit', 'off', true)`);
  await flushCommits(database);
  return result;
}

/** Resolves once all that was committed before is on disk: a commit waits for everything in front of it. */
async function flushCommits(database: Database): Promise<void> {
  await database`SELECT pg_logical_emit_message(true, 'buildit', '')`;
}

async function begin<Result>(
  database: Database,
  scope: Scope,
  work: (scoped: Scoped) => Promise<Result>,
  setting: PendingQuery<Row[]>,
): Promise<Result> {
  const { result } = await database.begin(async (transaction) => {
    const scoped = transaction as Scoped;
    scopes.set(scoped, scope);
    // Sent now, in front of the first query of the work (a query waits for its `then` otherwise), and not waited for:
    // the driver pipelines inside a transaction.
    const limited = transaction`
      SELECT set_config('role', 'buildit_tenant', true),
        set_config('buildit.caller', ${scope.callerId}, true),
        set_config('buildit.trace_parent', ${scope.traceParent ?? ''}, true),
        set_config('buildit.organizations', ${scope.organizationIds.join(',')}, true),
        set_config('buildit.workspaces', ${scope.workspaceIds.join(',')}, true)${setting}`.execute();
    const [, result] = await Promise.all([limited, work(scoped)]);
    return { result };
  });
  return result;
}
