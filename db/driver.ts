import { registerHooks } from 'node:module';
import type driver from 'postgres';

/** The start of the driver's function that writes what has gathered, where no socket may be left to write to. */
const WRITES = 'function nextWrite(fn) {';
/** As for what is under way when a connection is cut: the query is refused, and the pool opens another connection. */
const WRITES_OR_REFUSES = `${WRITES}
    if (socket === null) {
      clearImmediate(nextWriteTimer)
      chunk = nextWriteTimer = null
      error(Errors.connection('CONNECTION_CLOSED', options))
      return true
    }`;

/**
 * The database's driver, without its fault of ending the process: what is asked of a transaction whose connection was
 * cut a moment ago, a ROLLBACK of the driver's own as well, is written to a socket that is null, from a timer where
 * nobody can catch it (porsager/postgres #1066, #1208). To be taken away once a release has mended it.
 */
export const postgres = await loadDriver();

async function loadDriver(): Promise<typeof driver> {
  const hooks = registerHooks({
    load(url, context, next) {
      const loaded = next(url, context);
      return url.endsWith('/postgres/src/connection.js') ? { ...loaded, source: mend(loaded.source) } : loaded;
    },
  });
  try {
    return (await import('postgres')).default;
  } finally {
    hooks.deregister();
  }
}

function mend(source: unknown): string {
  const text = source instanceof Uint8Array ? new TextDecoder().decode(source) : source;
  if (typeof text !== 'string' || text.split(WRITES).length !== 2) {
    throw new Error('the driver of the database is another than db/driver.ts mends');
  }
  return text.replace(WRITES, () => WRITES_OR_REFUSES);
}
