import { chmodSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { NO_RETRY, toFault } from '#core/fault.ts';
import { type ControlAnswer, type ControlRequest, parseControlRequest } from './control-message.ts';
import { removeIfPresent } from './private-file.ts';

const MAX_REQUEST = 64 * 1024;

/**
 * Serves the supervisor's own socket: unlike the API it answers while everything else is down. The caller holds the
 * engine lock, so a socket file that is there was left by a dead engine.
 */
export function serveControl(
  path: string,
  token: string,
  handle: (request: ControlRequest) => Promise<void>,
): Promise<Server> {
  removeIfPresent(path);
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    socket.on('error', () => socket.destroy());
    let text = '';
    socket.setEncoding('utf8');
    socket.on('data', (chunk: string) => {
      text += chunk;
      const end = text.indexOf('\n');
      if (end !== -1) void answerLine(socket, text.slice(0, end), token, handle);
      else if (text.length > MAX_REQUEST) socket.destroy();
    });
  });
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(path, () => {
      chmodSync(path, 0o600);
      resolve(server);
    });
  });
}

async function answerLine(
  socket: Socket,
  line: string,
  token: string,
  handle: (request: ControlRequest) => Promise<void>,
): Promise<void> {
  socket.removeAllListeners('data').resume();
  const request = parseControlRequest(line);
  const answer: ControlAnswer =
    request === null
      ? refuse('control-unknown', 'The running engine does not know this request')
      : request.token === token
        ? await handle(request).then(
            () => ({ kind: 'done' }) as const,
            (error: unknown) => ({ kind: 'refused', fault: toFault(error) }) as const,
          )
        : refuse('control-token', 'The request does not carry the token of the engine');
  socket.end(`${JSON.stringify(answer)}\n`);
}

function refuse(code: string, message: string): ControlAnswer {
  return { kind: 'refused', fault: { code, message, fix: 'stop it with "buildit engine stop"', retry: NO_RETRY } };
}
