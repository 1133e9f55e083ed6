import { randomUUID } from 'node:crypto';
import { openDatabase, type Database } from '#db/client.ts';
import { migrate } from '#db/migrate.ts';

/** A server that tests make databases on. */
export interface TestDatabases {
  /** Creates a database, empty or with our schema, and answers its address. */
  createDatabase(of?: 'empty' | 'migrated'): Promise<string>;
  /** Removes what was made here. */
  stop(): Promise<void>;
}

/** The database that migrated ones are copied from: 60 ms instead of all migrations. */
const TEMPLATE = 'migrated';

/** Address of a database of the server whose socket lies in a folder. */
export function addressOf(folder: string, name: string): string {
  return `postgres://buildit@/${name}?host=${folder}`;
}

/** Databases on the server whose socket lies in a folder. `close` leaves them, `stop` drops them. */
export function openDatabases(folder: string): TestDatabases & { close(): Promise<void> } {
  const admin = openDatabase(addressOf(folder, 'postgres'), { max: 1 });
  const made: string[] = [];
  let template: Promise<void> | null = null;
  const close = () => admin.end({ timeout: 1 });
  return {
    async createDatabase(of = 'empty') {
      if (of === 'migrated') await (template ??= makeTemplate(admin, folder));
      const name = `t${randomUUID().replaceAll('-', '')}`;
      await admin.unsafe(`CREATE DATABASE ${name} ${of === 'migrated' ? `TEMPLATE ${TEMPLATE}` : ''}`);
      made.push(name);
      return addressOf(folder, name);
    },
    close,
    async stop() {
      for (const name of made) await admin.unsafe(`DROP DATABASE ${name} WITH (FORCE)`);
      await close();
    },
  };
}

/** A database with our schema, and its address. */
export async function createMigratedDatabase(
  server: Pick<TestDatabases, 'createDatabase'>,
): Promise<{ url: string; database: Database }> {
  const url = await server.createDatabase('migrated');
  return { url, database: openDatabase(url) };
}

async function makeTemplate(admin: Database, folder: string): Promise<void> {
  const [found] = await admin`SELECT FROM pg_database WHERE datname = ${TEMPLATE}`;
  if (found) return;
  const making = `${TEMPLATE}_soon`;
  await admin.unsafe(`CREATE DATABASE ${making}`);
  const database = openDatabase(addressOf(folder, making), { max: 1 });
  await migrate(database);
  await database.end();
  await admin.unsafe(`ALTER DATABASE ${making} RENAME TO ${TEMPLATE}`);
}
