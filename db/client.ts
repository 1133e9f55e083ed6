import type { Sql, TransactionSql } from 'postgres';
import { postgres } from './driver.ts';
import { toStorableText } from './storable-text.ts';

/**
 * A pool. Times come back as ISO strings, 64-bit counters as numbers, columns in camelCase; text is made storable.
 */
export type Database = Sql<Record<string, never>>;
/** Inside a transaction. */
export type Transaction = TransactionSql<Record<string, never>>;
/** Either: for queries that do not care. */
export type Queryable = Database | Transaction;

export interface DatabaseOptions {
  /** Connections at most. */
  max?: number;
  /** Shown in `pg_stat_activity`. */
  name?: string;
  /** Where unqualified names are looked for and made, instead of in `public`. */
  schema?: string;
}

/**
 * Opens a pool on `url`: `postgres://user@host:port/name`, or with the folder of a unix socket as
 * `postgres://user@/name?host=/folder&port=5432` (libpq's spelling, which the driver does not read by itself).
 * Nothing connects before the first query.
 */
export function openDatabase(url: string, options: DatabaseOptions = {}): Database {
  const parsed = new URL(url.replace('@/', '@localhost/').replace(':///', '://localhost/'));
  const folder = parsed.searchParams.get('host');
  const port = Number((parsed.searchParams.get('port') ?? parsed.port) || 5432);
  parsed.searchParams.delete('host');
  parsed.searchParams.delete('port');
  const user = parsed.searchParams.get('user');
  parsed.searchParams.delete('user');
  return postgres(parsed.href, {
    ...(folder?.startsWith('/') ? { path: `${folder}/.s.PGSQL.${port}` } : { port }),
    ...(folder && !folder.startsWith('/') ? { host: folder } : {}),
    ...(user ? { user } : {}),
    max: options.max ?? 10,
    // Our own tables have no array or enum columns that need the driver's look at pg_type.
    fetch_types: false,
    connection: {
      application_name: options.name ?? 'buildit',
      // Bodies of functions name `public`, which is not this one yet.
      ...(options.schema === undefined ? {} : { search_path: options.schema, check_function_bodies: 'off' }),
    },
    onnotice: () => {},
    transform: { column: { from: postgres.toCamel, to: postgres.fromCamel }, undefined: null },
    types: {
      moment: { to: 1184, from: [1082, 1114, 1184], serialize: (value: string) => value, parse: toIso },
      text: { to: 25, from: [25], serialize: toStorableText, parse: (text: string) => text },
      counter: { to: 20, from: [20], serialize: String, parse: Number },
    },
  }) as unknown as Database;
}

/** A value for a `json` column: the driver would guess wrong for arrays of booleans, numbers and for strings. */
export function asJson(sql: Queryable, value: unknown) {
  return value === null || value === undefined ? null : sql.typed(value as never, JSON_OID);
}

const JSON_OID = 114;

function toIso(text: string): string {
  return new Date(text).toISOString();
}
