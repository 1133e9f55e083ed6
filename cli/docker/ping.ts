import { request } from 'node:http';
import { connect } from 'node:net';

/** How long a daemon may take to say it is there. */
const ANSWER_MS = 5_000;

/** Null when Docker answers at the endpoint, else what the system said (`connect ENOENT`). */
export async function pingDocker(endpoint: string): Promise<string | null> {
  const url = URL.parse(endpoint);
  if (!url) return `the endpoint "${endpoint}" is no address`;
  switch (url.protocol) {
    case 'unix:':
      return askPing({ socketPath: url.pathname });
    case 'http:':
      return askPing({ host: url.hostname, port: Number(url.port || 2375) });
    case 'tcp:':
      // 2376 is Docker over TLS by convention; that it accepts is all a client without keys can know.
      return url.port === '2376'
        ? tryConnect(url.hostname, 2376)
        : askPing({ host: url.hostname, port: Number(url.port || 2375) });
    default:
      return `the endpoint "${endpoint}" is neither unix:// nor tcp://`;
  }
}

function askPing(target: { socketPath: string } | { host: string; port: number }): Promise<string | null> {
  return new Promise((resolve) => {
    const asked = request({ ...target, path: '/_ping', timeout: ANSWER_MS }, (answer) => {
      answer.resume();
      answer.on('end', () => resolve(answer.statusCode === 200 ? null : `GET /_ping answered ${answer.statusCode}`));
    });
    asked.on('timeout', () => asked.destroy(Object.assign(new Error('no answer'), { code: 'ETIMEDOUT' })));
    asked.on('error', (error: NodeJS.ErrnoException) => resolve(`connect ${error.code ?? error.message}`));
    asked.end();
  });
}

function tryConnect(host: string, port: number): Promise<string | null> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, timeout: ANSWER_MS });
    const end = (cause: string | null) => {
      socket.destroy();
      resolve(cause);
    };
    socket.on('connect', () => end(null));
    socket.on('timeout', () => end('connect ETIMEDOUT'));
    socket.on('error', (error: NodeJS.ErrnoException) => end(`connect ${error.code ?? error.message}`));
  });
}
