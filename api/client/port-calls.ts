import type { Http } from './http.ts';
import { readChunks } from './transport.ts';

/** What a holder of the port asks for; see `api/port/keeper.ts`. */
export interface WantedPort {
  host: string;
  port: number;
  isExact: boolean;
  publicUrl: string | null;
  insecureHttp: boolean;
  /** Digests of the settings the engine is to run with, by variable. */
  settings: Readonly<Record<string, string>>;
}

/** A port that is open as long as the request lasts. */
export interface HeldPort {
  port: number;
  address: string;
  publicUrl: string;
  /** Resolves when the API ended it or went away. Never rejects. */
  ended: Promise<void>;
}

/** Calls about the port; on the engine's socket alone. */
export function portCalls(http: Http) {
  return {
    /** Opens the port and holds it until `signal` aborts. Rejects with the refusal. */
    async holdPort(wanted: WantedPort, signal: AbortSignal): Promise<HeldPort> {
      const answer = await http.transport.send({ method: 'POST', path: 'port', body: wanted, signal });
      const chunks = readChunks(answer);
      let line = '';
      while (!line.includes('\n')) {
        const next = await chunks.next();
        if (next.done) break;
        line += next.value.toString('utf8');
      }
      const rest = async (): Promise<void> => {
        for await (const chunk of chunks) void chunk;
      };
      const open = JSON.parse(line) as Omit<HeldPort, 'ended'>;
      return { ...open, ended: rest().catch(() => undefined) };
    },
    /** A link that may be used once; `path` goes behind the address of the server. */
    createOneTimeLink: (purpose: 'setup' | 'open') =>
      http.write<{ path: string }>('POST', 'one-time-links', { purpose }),
  };
}
