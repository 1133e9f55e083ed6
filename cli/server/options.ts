import { isLoopback } from '#config/system/loopback.ts';
import { EXIT } from '../exit.ts';
import { CommandError } from '../fault/command-error.ts';

/** The options of `server`, checked. */
export interface ServerOptions {
  host: string;
  port: number;
  /** The port was named: no other will do. */
  isExact: boolean;
  publicUrl: string | null;
  insecureHttp: boolean;
  only: 'api' | 'worker' | null;
  queues: string[];
}

/** As the command line has them. */
export interface RawServerOptions {
  port: string | null;
  host: string | null;
  'public-url': string | null;
  'insecure-http': boolean;
  only: string | null;
  queue: string[];
}

const PORT = 30_080;
const HOST = '127.0.0.1';

/** Checks what can be checked before anything starts; variables of the same meaning count where an option is absent. */
export function readServerOptions(
  raw: RawServerOptions,
  environment: Readonly<Record<string, string | undefined>>,
): ServerOptions {
  const host = raw.host ?? HOST;
  const insecureHttp = raw['insecure-http'] || environment['BUILDIT_INSECURE_HTTP'] === 'on';
  const only = raw.only === 'api' || raw.only === 'worker' ? raw.only : null;
  if (raw.queue.length > 0 && only !== 'worker') {
    throw usage('--queue is for --only worker alone', 'leave --queue out, or add --only worker');
  }
  if (only !== 'worker' && !isLoopback(host) && !insecureHttp) {
    throw new CommandError(EXIT.usage, {
      code: 'insecure-http',
      message: `plain http on ${host} would send passwords and tokens in clear`,
      fix: 'listen on 127.0.0.1 behind a proxy that speaks https, or accept it with --insecure-http',
    });
  }
  return {
    host,
    port: raw.port === null ? PORT : readPort(raw.port),
    isExact: raw.port !== null,
    publicUrl: readUrl(raw['public-url'] ?? (environment['BUILDIT_PUBLIC_URL'] || null)),
    insecureHttp,
    only,
    queues: raw.queue,
  };
}

function readPort(written: string): number {
  const port = Number(written);
  if (/^\d{1,5}$/.test(written) && port <= 65_535) return port;
  throw usage(`--port needs a number from 0 to 65535, not "${written}"`, 'for example --port 8080; 0 is any free one');
}

function readUrl(written: string | null): string | null {
  if (written === null) return null;
  const url = URL.parse(written);
  if (url && /^https?:$/.test(url.protocol) && url.pathname === '/' && !url.search && !url.hash) return url.origin;
  throw usage(`--public-url needs an http address without a path, not "${written}"`, 'like https://ci.example.com');
}

function usage(message: string, fix: string): CommandError {
  return new CommandError(EXIT.usage, { code: 'usage', message, fix });
}
