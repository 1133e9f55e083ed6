import { chmod, mkdir, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { connect, type Socket } from 'node:net';
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
 * Serves the API on a unix socket, 0600 in a 0700 folder: besides the token, the file system says who may connect. A
 * socket left by a dead process is removed; one that answers belongs to another API, and that is an error.
 */
export async function serveSocket(
  app: Hono<ApiEnvironment>,
  path: string,
  onClients: (count: number) => void = () => {},
): Promise<Served> {
  const listener = getRequestListener((request) => app.fetch(request, { isLocal: true }), {
    // A body that is too large or broken is answered by us.
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
  if (await isAnswered(path)) throw new Error(`another API listens at ${path}`);
  await rm(path, { force: true });
  await listen(server, path);
  await chmod(path, 0o600);
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

function isAnswered(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(path);
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}
