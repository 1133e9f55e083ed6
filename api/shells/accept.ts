import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Hono } from 'hono';
import { WebSocketServer } from 'ws';
import type { ShellObject } from '#core/shell.ts';
import type { Database } from '#db/client.ts';
import type { ApiEnvironment } from '../context.ts';
import { bridgeShell } from './bridge.ts';

/** Of one message: what somebody pastes. */
const MAX_MESSAGE_BYTES = 256 * 1024;
const SHELL = /^\/api\/v1\/runs\/[^/]+\/shells\/[^/]+$/;

/** Takes the upgrade of a connection; `from` is what the server knows of the client. */
export type AcceptUpgrade = (
  request: IncomingMessage,
  socket: Duplex,
  head: Buffer,
  from: { isLocal: boolean; address: string },
) => void;

/**
 * Opens WebSockets at the addresses of shells and nowhere else (UI §9). Who may is asked of the very route at that
 * address: the same session or token, origin, rights and audit of refusals as for any request.
 */
export function acceptShells(
  app: Pick<Hono<ApiEnvironment>, 'fetch'>,
  database: Database,
  report: (error: unknown) => void,
): AcceptUpgrade {
  const sockets = new WebSocketServer({ noServer: true, maxPayload: MAX_MESSAGE_BYTES });

  async function accept(...[request, socket, head, from]: Parameters<AcceptUpgrade>): Promise<void> {
    const url = new URL(request.url ?? '/', 'http://buildit');
    const answer = SHELL.test(url.pathname) ? await app.fetch(toGet(request, url), from) : null;
    if (answer?.status !== 200) {
      refuse(socket, answer?.status ?? 404, answer ? await answer.text() : '');
      return;
    }
    const shell = (await answer.json()) as ShellObject;
    if (shell.state !== 'asked') {
      refuse(socket, 409, '');
      return;
    }
    const [row] = await database<{ hostId: string }[]>`SELECT host_id FROM shells WHERE id = ${shell.id}`;
    sockets.handleUpgrade(request, socket, head, (opened) => {
      opened.on('error', report);
      bridgeShell(database, { id: shell.id, hostId: row?.hostId ?? '' }, opened).catch((error: unknown) => {
        report(error);
        opened.close(1011);
      });
    });
  }

  return (request, socket, head, from) => {
    socket.on('error', () => socket.destroy());
    accept(request, socket, head, from).catch((error: unknown) => {
      report(error);
      socket.destroy();
    });
  };
}

/** The request as the route knows it. */
function toGet(request: IncomingMessage, url: URL): Request {
  const headers = new Headers();
  for (const [name, value] of Object.entries(request.headers)) {
    const isOfConnection =
      ['connection', 'upgrade', 'transfer-encoding'].includes(name) || name.startsWith('sec-websocket');
    if (typeof value === 'string' && !isOfConnection) headers.set(name, value);
  }
  return new Request(new URL(url, `http://${request.headers.host ?? 'buildit'}`), { headers });
}

/** Plain HTTP: the client sees status and problem as with any request. */
function refuse(socket: Duplex, status: number, body: string): void {
  const length = Buffer.byteLength(body);
  socket.end(
    `HTTP/1.1 ${status} Refused\r\nConnection: close\r\nContent-Type: application/problem+json\r\nContent-Length: ${length}\r\n\r\n${body}`,
  );
}
