/**
 * Stands in for `api/main.ts` in the engine's tests: keeps the rules of a child (waits for its server, says ready, ends
 * with its channel) and says to the supervisor what a test posts to it. It refuses to start, as an API over newer data
 * does, when `stub-api-fatal` in the data folder holds its content version.
 */
import { renameSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { loadSettings } from '#config/system/load.ts';
import { canConnect } from '../connect.ts';
import { readIfPresent, writePrivateFile } from '../private-file.ts';

const settings = loadSettings();
const database = new URL(settings.databaseUrl);
const { path: socket } = settings.socket ?? { path: '' };
process.on('disconnect', () => process.exit(0));

if (readIfPresent(join(settings.dataFolder, 'stub-api-fatal')) === settings.contentVersion) {
  const message = { kind: 'fatal', code: 'data-too-new', message: 'The data was written by a newer BuildIt' };
  process.send?.(message, () => process.exit(3));
} else {
  const path = `${database.searchParams.get('host')}/.s.PGSQL.${database.port}`;
  while (!(await canConnect(path))) await pause(10);
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => {
      if (request.method === 'POST') process.send?.(JSON.parse(body));
      response.end(settings.contentVersion);
    });
  });
  const draft = `${socket}.${process.pid}`;
  server.listen(draft, () => {
    renameSync(draft, socket);
    writePrivateFile(join(settings.dataFolder, 'stub-api-settings.json'), JSON.stringify(settings));
    process.send?.({ kind: 'ready', address: socket });
  });
  process.on('SIGTERM', () => server.close(() => process.exit(0)));
}
