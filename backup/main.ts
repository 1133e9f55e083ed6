import { join } from 'node:path';
import { loadSettings } from '#config/system/load.ts';
import { toFault } from '#core/fault.ts';
import { openDatabase } from '#db/client.ts';
import { openObjectStore } from '#store/object/open-object-store.ts';
import { restoreBackup } from './restore-backup.ts';
import { type Installation, writeBackup } from './write-backup.ts';

/**
 * Entry of the process that `buildit backup` and `buildit restore` start, with the environment of a server's process:
 * `main.ts backup|restore FILE`. Prints the summary or the fault as one JSON object.
 */
const [action, file = ''] = process.argv.slice(2);
const settings = loadSettings();
const database = openDatabase(settings.databaseUrl, { name: 'buildit-backup', max: 2 });
const installation: Installation = {
  database,
  databaseUrl: settings.databaseUrl,
  objects: openObjectStore({ folder: join(settings.dataFolder, 'objects') }),
  dataFolder: settings.dataFolder,
  masterKey: settings.masterKey,
  isShared: settings.engine === 'external',
};
const ending = new AbortController();
// A restore that is ended changes nothing either: the tables take their place in one step.
if (action === 'backup') for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => ending.abort());
try {
  const summary =
    action === 'backup'
      ? await writeBackup(installation, file, ending.signal)
      : await restoreBackup(installation, file);
  process.stdout.write(`${JSON.stringify({ summary })}\n`);
} catch (thrown) {
  process.stdout.write(`${JSON.stringify({ fault: toFault(thrown) })}\n`);
  process.exitCode = 1;
}
await database.end({ timeout: 1 });
