import { chmod, mkdir, rename, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { Socket } from 'node:net';
import { dirname } from 'node:path';
import { getRequestListener } from '@hono/node-server';
import type { Hono } from 'hono';
import type { ApiEnvironment } from './context.ts';

/** A listening socket. */
export interface Served {
  /** Connections open now. */
  countClients(): number;
  /** Takes no more, gives those there a moment, then ends them. */
  close(): Promise<void>;
}

const CLOSE_MS = 1_000;

/**
 * Serves the API on a unix socket, 0600 in a 0700 folder: besides the token, the file system says who may connect. That
 * there is one API on the path is the engine's lock to see to (ENGINE 3).
 */
export async function serveSocket(
  app: Hono<ApiEnvironment>,
  path: string,
  onClients: (count: number) => void = () => {},
): Promise<Served> {
  const listener = getRequestListener((request) => app.fetch(request, { isLocal: true }), {
    // The runtime's own Request and Response stay what they are.
    overrideGlobalObjects: false,
  });
  const server = createServer({ keepAliveTimeout: 60_000 }, (incoming, outgoing) => void listener(incoming, outgoing));
  const sockets = new Set<Socket>();
  server.on('connection', (socket) => {
    sockets.add(socket);
    onClients(sockets.size);
    socket.once('close', () => {
      sockets.delete(socket);
      onClients(sockets.size);
    });
  });
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  // Bound aside and renamed: a socket that a dead or leaving process had there is replaced in one step, never missing
  // and never open to others; and what that process removes when it ends is not ours.
  const draft = `${path}.${process.pid}`;
  await rm(draft, { force: true });
  await listen(server, draft);
  await chmod(draft, 0o600);
  await rename(draft, path);
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

function listen(server: Server, path: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(path, () => {
      server.off('error', reject);
      resolve();
    });
  });
}
