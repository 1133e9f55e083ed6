import type { WebSocket } from 'ws';
import type { OpenShellRequest, ShellObject, ShellOutput, TerminalSize } from '#core/shell.ts';
import type { Http } from './http.ts';
import type { Endpoint } from './transport.ts';
import { engineUnreachable, serverUnreachable } from './unreachable.ts';

/** What comes from the host of the stage; the bytes go to `onBytes`. */
export type ShellNews = Exclude<ShellOutput, { kind: 'bytes' | 'pong' }>;

export interface ShellConnection {
  write(bytes: Uint8Array): void;
  resize(size: TerminalSize): void;
  /** Leaves the terminal: its shell is ended. */
  close(): void;
  /** Resolves when the connection is over, however it came to that. */
  closed: Promise<void>;
}

/** Terminals in stages: asked for, then connected to. */
export function shellCalls({ write }: Http, endpoint: Endpoint) {
  const encode = encodeURIComponent;
  return {
    openShell: (run: string, stage: string, body: OpenShellRequest) =>
      write<ShellObject>('POST', `runs/${encode(run)}/stages/${encode(stage)}/shells`, body),
    connectShell: (shell: ShellObject, handlers: { onBytes(bytes: Uint8Array): void; onNews(news: ShellNews): void }) =>
      connect(endpoint, `api/v1/runs/${shell.runId}/shells/${shell.id}`, handlers),
  };
}

async function connect(
  endpoint: Endpoint,
  path: string,
  { onBytes, onNews }: { onBytes(bytes: Uint8Array): void; onNews(news: ShellNews): void },
): Promise<ShellConnection> {
  const { WebSocket: Socket } = await import('ws');
  const socket = new Socket(addressOf(endpoint, path), { headers: await authorize(endpoint) });
  await opened(socket, endpoint);
  socket.on('message', (data, isBinary) => {
    const bytes = data as Buffer;
    if (isBinary) onBytes(bytes);
    else onNews(JSON.parse(bytes.toString('utf8')) as ShellNews);
  });
  return {
    write: (bytes) => socket.send(bytes),
    resize: (size) => socket.send(JSON.stringify(size)),
    close: () => socket.close(),
    closed: new Promise((resolve) => socket.once('close', () => resolve())),
  };
}

function addressOf(endpoint: Endpoint, path: string): string {
  if ('socketPath' in endpoint) return `ws+unix://${endpoint.socketPath}:/${path}`;
  const base = endpoint.url.endsWith('/') ? endpoint.url : `${endpoint.url}/`;
  return new URL(path, base).href.replace(/^http/, 'ws');
}

async function authorize(endpoint: Endpoint): Promise<Record<string, string>> {
  const token = 'socketPath' in endpoint ? endpoint.token : await endpoint.credential.token();
  return token === null ? {} : { Authorization: `Bearer ${token}` };
}

function opened(socket: WebSocket, endpoint: Endpoint): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.once('open', () => {
      // What breaks it later ends it: `closed` says so.
      socket.on('error', () => {});
      resolve();
    });
    socket.once('error', (error) =>
      reject('socketPath' in endpoint ? engineUnreachable(error) : serverUnreachable(endpoint.url, error)),
    );
  });
}
