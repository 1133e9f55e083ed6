import { hostname } from 'node:os';
import { isLoopback, writeHost } from '#config/system/loopback.ts';
import { ProblemError } from '../problem.ts';
import type { ServedPort } from '../serve.ts';

/** A port that somebody wants open. */
export interface PortRequest {
  host: string;
  port: number;
  /** No other port will do. Else the next free one of the twenty after it. */
  isExact: boolean;
  /** How people reach it; null is the address of the port. */
  publicUrl: string | null;
  /** Plain http beyond the loopback is wanted. */
  insecureHttp: boolean;
}

/** An open port. */
export interface OpenPort {
  /** Its own address, `http://127.0.0.1:30080`. */
  address: string;
  port: number;
  /** How people reach it: its address unless something stands before it. */
  publicUrl: string;
}

/** The one port of an API process. */
export interface PortKeeper {
  /**
   * Opens the port, after an earlier one that is closing has closed. Refusals: 409 `port-open` when one is open (its
   * address is the detail), 409 `port-in-use`, 422 `port-refused`, 422 `insecure-http`.
   */
  open(request: PortRequest): Promise<OpenPort>;
  /** Null while no port is open. */
  current(): OpenPort | null;
  countClients(): number;
  /** Ends its connections, after a moment for those that are being answered. */
  close(): Promise<void>;
}

const TRIES = 20;

/** Keeps one port. @param serve opens a listening port; rejects with the system's error */
export function createPortKeeper(serve: (at: { host: string; port: number }) => Promise<ServedPort>): PortKeeper {
  let served: ServedPort | null = null;
  let open: OpenPort | null = null;
  /** Opening and closing, one after the other: of two who ask at once the second sees the first's port. */
  let turn: Promise<unknown> = Promise.resolve();
  const inTurn = <Result>(act: () => Promise<Result>): Promise<Result> => {
    const done = turn.then(act);
    turn = done.catch(() => {});
    return done;
  };

  async function listen(request: PortRequest): Promise<ServedPort> {
    for (let port = request.port; ; port += 1) {
      try {
        return await serve({ host: request.host, port });
      } catch (error) {
        const isLast = request.isExact || port === request.port + TRIES || port === 65_535;
        if (isLast || codeOf(error) !== 'EADDRINUSE') throw refusal({ ...request, port }, error);
      }
    }
  }

  return {
    open: (request) =>
      inTurn(async () => {
        if (open !== null) throw new ProblemError(409, 'port-open', `the engine has a port open: ${open.publicUrl}`);
        refuseInsecure(request);
        served = await listen(request);
        const address = `http://${writeHost(nameHost(request.host))}:${served.port}`;
        open = { address, port: served.port, publicUrl: request.publicUrl ?? address };
        return open;
      }),
    current: () => open,
    countClients: () => served?.countClients() ?? 0,
    close: () =>
      inTurn(async () => {
        await served?.close();
        served = null;
        open = null;
      }),
  };
}

/** A name by which others may reach a port that listens on every address. */
function nameHost(host: string): string {
  return host === '0.0.0.0' || host === '::' ? hostname() : host;
}

function refuseInsecure({ host, insecureHttp }: PortRequest): void {
  if (insecureHttp || isLoopback(host)) return;
  throw new ProblemError(422, 'insecure-http', `plain http on ${host} would send passwords and tokens in clear`, {
    hint: 'listen on 127.0.0.1 behind a proxy that speaks https, or accept it with --insecure-http',
  });
}

function refusal({ host, port }: PortRequest, error: unknown): ProblemError {
  const at = `${writeHost(host)}:${port}`;
  if (codeOf(error) === 'EADDRINUSE') {
    return new ProblemError(409, 'port-in-use', `another program listens on ${at}`, { hint: 'choose another --port' });
  }
  return new ProblemError(422, 'port-refused', `the system refuses to listen on ${at}`, {
    cause: error instanceof Error ? error.message : String(error),
    hint: 'a --host of this machine and a --port from 1024 on can be opened without further rights',
  });
}

function codeOf(error: unknown): unknown {
  return typeof error === 'object' && error !== null && 'code' in error ? error.code : null;
}
