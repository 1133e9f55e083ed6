/**
 * Stands in for `api/main.ts` in the engine's tests: keeps the rules of a child (waits for its server, says ready, ends
 * with its channel) and says to the supervisor what a test posts to it.
 */
import { rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { canConnect } from '../connect.ts';
import { writePrivateFile } from '../private-file.ts';

const socket = process.env['BUILDIT_SOCKET'] ?? '';
const database = new URL(process.env['DATABASE_URL'] ?? '');
const failure = process.env['BUILDIT_STUB_API_FATAL'];
const send = (message: unknown): void => void process.send?.(message);
process.on('disconnect', () => process.exit(0));

if (failure !== undefined && failure === process.env['BUILDIT_CONTENT_VERSION']) {
  process.send?.({ kind: 'fatal', code: 'data-too-new', message: 'The data was written by a newer BuildIt' }, () =>
    process.exit(3),
  );
} else {
  const path = `${database.searchParams.get('host')}/.s.PGSQL.${database.port}`;
  while (!(await canConnect(path))) await new Promise((resolve) => setTimeout(resolve, 10));
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => {
      if (request.method === 'POST') send(JSON.parse(body));
      response.end(process.env['BUILDIT_CONTENT_VERSION']);
    });
  });
  rmSync(socket, { force: true });
  server.listen(socket, () => {
    writePrivateFile(`${process.env['BUILDIT_DATA']}/stub-api-environment.json`, JSON.stringify(process.env));
    send({ kind: 'ready', address: socket });
  });
  process.on('SIGTERM', () => server.close(() => process.exit(0)));
}

