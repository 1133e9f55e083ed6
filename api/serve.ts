import { chmod, mkdir, rename, rm } from 'node:fs/promises';
import { createServer, type Server, type ServerOptions } from 'node:http';
import type { Socket } from 'node:net';
import { dirname } from 'node:path';
import { getRequestListener, type HttpBindings } from '@hono/node-server';
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response';
import type { Hono } from 'hono';
import { type FindAddress, trustProxies } from './client-address.ts';
import type { ApiEnvironment } from './context.ts';
import type { AcceptUpgrade } from './shells/accept.ts';

/** A listening socket or port. */
export interface Served {
  /** Connections open now. */
  countClients(): number;
  /** Takes no more, gives those there a moment, then ends them. */
  close(): Promise<void>;
}

/** A listening port. */
export interface ServedPort extends Served {
  host: string;
  /** The one that was given, or any free one for 0. */
  port: number;
}

export interface PortOptions {
  host: string;
  port: number;
  /** Whose `X-Forwarded-For` is believed (client-address.ts). */
  trustedProxies: readonly string[];
  onClients?: (count: number) => void;
  /** Null where no terminals are served. */
  acceptUpgrade?: AcceptUpgrade | null;
}

const CLOSE_MS = 1_000;

/**
 * What a client of the port may take. Headers come at once; a body of the largest request comes over a slow line within
 * two minutes; a connection on which nothing moves for that long (a stream has a heartbeat each 15 s) is gone.
 */
const PORT_LIMITS = {
  headersTimeout: 10_000,
  requestTimeout: 120_000,
  connectionsCheckingInterval: 5_000,
  maxHeaderSize: 16 * 1024,
  /** Longer than the 60 s of usual proxies, or they use a connection that is closing. */
  keepAliveTimeout: 65_000,
} as const satisfies ServerOptions;
const SILENT_MS = 120_000;

/**
 * Serves the API on a unix socket, 0600 in a 0700 folder: besides the token, the file system says who may connect. That
 * there is one API on the path is the engine's lock to see to (ENGINE 3).
 */
export async function serveSocket(
  app: Pick<Hono<ApiEnvironment>, 'fetch'>,
  path: string,
  onClients: (count: number) => void = () => {},
  acceptUpgrade: AcceptUpgrade | null = null,
): Promise<Served> {
  const from = { isLocal: true, findAddress: () => '' };
  const server = createServer({ keepAliveTimeout: 60_000 }, answerWith(app, from));
  listenForUpgrades(server, acceptUpgrade, from);
  const served = watchConnections(server, onClients);
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  // Bound aside and renamed: a socket that a dead or leaving process had there is replaced in one step, never missing
  // and never open to others; and what that process removes when it ends is not ours.
  const draft = `${path}.${process.pid}`;
  await rm(draft, { force: true });
  await listen(server, { path: draft });
  await chmod(draft, 0o600);
  await rename(draft, path);
  return served;
}

/** Serves the API on a port. Rejects with the system's error, `EADDRINUSE` among others, when it cannot be opened. */
export async function servePort(app: Pick<Hono<ApiEnvironment>, 'fetch'>, options: PortOptions): Promise<ServedPort> {
  const { host, port, trustedProxies, onClients = () => {}, acceptUpgrade = null } = options;
  const from = { isLocal: false, findAddress: trustProxies(trustedProxies) };
  const server = createServer(PORT_LIMITS, answerWith(app, from));
  listenForUpgrades(server, acceptUpgrade, from);
  server.timeout = SILENT_MS;
  const served = watchConnections(server, onClients);
  await listen(server, { host, port, exclusive: true });
  const address = server.address();
  return { ...served, host, port: typeof address === 'object' && address !== null ? address.port : port };
}

/** Without it node leaves the connection to nobody. */
function listenForUpgrades(server: Server, accept: AcceptUpgrade | null, from: From): void {
  if (accept === null) return;
  server.on('upgrade', (incoming, socket, head) => {
    // From here on the connection is the terminal's, which may be silent for long.
    incoming.socket.setTimeout(0);
    accept(incoming, socket, head, { isLocal: from.isLocal, address: from.findAddress(incoming) });
  });
}

interface From {
  isLocal: boolean;
  findAddress: FindAddress;
}

function answerWith(app: Pick<Hono<ApiEnvironment>, 'fetch'>, from: From) {
  const listener = getRequestListener(
    async (request, connection) => {
      // HTTP/2 is not served, so they are those of `node:http`.
      const { incoming, outgoing } = connection as HttpBindings;
      const environment: ApiEnvironment['Bindings'] = {
        isLocal: from.isLocal,
        address: from.findAddress(incoming),
      };
      const answer = await app.fetch(request, environment);
      if (!environment.writeBody || answer.body !== null) return answer;
      // As a list they are written and not kept.
      outgoing.writeHead(answer.status, [...answer.headers].flat()).flushHeaders();
      if (!outgoing.destroyed) environment.writeBody(outgoing);
      return RESPONSE_ALREADY_SENT;
    },
    {
      // The runtime's own Request and Response stay what they are.
      overrideGlobalObjects: false,
    },
  );
  return (...[incoming, outgoing]: Parameters<typeof listener>): void => void listener(incoming, outgoing);
}

function watchConnections(server: Server, onClients: (count: number) => void): Served {
  const sockets = new Set<Socket>();
  server.on('connection', (socket) => {
    sockets.add(socket);
    onClients(sockets.size);
    socket.once('close', () => {
      sockets.delete(socket);
      onClients(sockets.size);
    });
  });
  return {
    countClients: () => sockets.size,
    async close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeIdleConnections();
      const timer = setTimeout(() => sockets.forEach((socket) => socket.destroy()), CLOSE_MS);
      await closed;
      clearTimeout(timer);
    },
  };
}

function listen(server: Server, at: { path: string } | { host: string; port: number; exclusive: true }): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(at, () => {
      server.off('error', reject);
      resolve();
    });
  });
}
