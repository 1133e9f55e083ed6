import type { LeftoversObject } from '#core/rest-health.ts';
import type { StreamEvent } from '#core/rest.ts';
import { environmentCalls } from './environment-calls.ts';
import { openHttp } from './http.ts';
import { logCalls } from './log-calls.ts';
import { peopleCalls } from './people-calls.ts';
import { pipelineCalls } from './pipeline-calls.ts';
import { portCalls } from './port-calls.ts';
import { readEvents } from './read-events.ts';
import { remoteRunCalls } from './remote-run-calls.ts';
import { runCalls } from './run-calls.ts';
import { secretCalls } from './secret-calls.ts';
import { shellCalls } from './shell-calls.ts';
import { signInCalls } from './sign-in-calls.ts';
import { openTransport, readChunks, type Endpoint, type Transport } from './transport.ts';

/** The API, typed. Every call throws ApiProblem for a refusal and the fault `api-unreachable` when nobody answers. */
export type ApiClient = ReturnType<typeof createClient>;

/** A stream that says nothing for this long is cut (UI §7): the server gives a sign of life every 15 s. */
const SILENCE_MS = 40_000;

/** The same client for the local engine's socket and for a server. */
export function createClient(endpoint: Endpoint) {
  const transport = openTransport(endpoint);
  const http = openHttp(transport);
  return {
    ...runCalls(http),
    ...remoteRunCalls(http),
    ...logCalls(http),
    ...portCalls(http),
    ...signInCalls(http),
    ...shellCalls(http, endpoint),
    ...pipelineCalls(http),
    ...environmentCalls(http),
    ...secretCalls(http),
    ...peopleCalls(http),
    findLeftovers: () => http.get<LeftoversObject>('system/leftovers'),
    prune: () => http.write<LeftoversObject>('POST', 'system/prune'),
    getHealth: () => http.get<Record<string, unknown>>('system/health'),
    stream: openStream(transport),
    close: () => transport.close(),
  };
}

function openStream(transport: Transport) {
  /**
   * Follows topics (`run:ID@SEQ`, `log:ID/STAGE/ATTEMPT@LINE`). Resolves when the server or the signal ends the
   * stream, rejects when it is cut; `cursor` of the last event resumes it.
   */
  return async (
    topics: readonly string[],
    onEvent: (event: StreamEvent, cursor: string) => void,
    signal: AbortSignal,
    cursor: string | null = null,
  ): Promise<void> => {
    const path = `stream?${topics.map((topic) => `topic=${encodeURIComponent(topic)}`).join('&')}`;
    try {
      const answer = await transport.send({
        method: 'GET',
        path,
        signal,
        headers: { Accept: 'text/event-stream', ...(cursor ? { 'Last-Event-ID': cursor } : {}) },
      });
      answer.setTimeout(SILENCE_MS, () => answer.destroy(new Error('no sign of life for 40 s')));
      for await (const received of readEvents(readChunks(answer))) onEvent(received.event, received.cursor);
    } catch (error) {
      if (!signal.aborted) throw error;
    }
  };
}
