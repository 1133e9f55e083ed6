import { connect, createServer, type Socket } from 'node:net';
import type { AddressInfo } from 'node:net';

/** A port of 127.0.0.1 before something that listens elsewhere, which a test can take away. */
export interface Proxy {
  port: number;
  /** Ends every connection and takes no more, as a server that is down. */
  cut(): Promise<void>;
  /** The same port again. */
  restore(): Promise<void>;
  stop(): Promise<void>;
}

export async function openProxy(target: { path: string } | { host: string; port: number }): Promise<Proxy> {
  const sockets = new Set<Socket>();
  const create = () =>
    createServer((near) => {
      const far = 'path' in target ? connect(target.path) : connect(target);
      for (const [socket, other] of [
        [near, far],
        [far, near],
      ] as const) {
        sockets.add(socket);
        socket.on('error', () => other.destroy());
        socket.once('close', () => {
          sockets.delete(socket);
          other.destroy();
        });
        socket.pipe(other);
      }
    });
  let server = create();
  const listen = (port: number) =>
    new Promise<number>((resolve, reject) => {
      server.once('error', reject);
      server.listen(port, '127.0.0.1', () => resolve((server.address() as AddressInfo).port));
    });
  const close = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      for (const socket of sockets) socket.destroy();
    });
  const port = await listen(0);
  return {
    port,
    cut: close,
    async restore() {
      server = create();
      await listen(port);
    },
    stop: close,
  };
}
