import { Agent, request as requestHttp, type IncomingMessage, type RequestOptions } from 'node:http';
import { request as requestHttps } from 'node:https';
import { FaultError } from '#core/fault.ts';
import type { Problem } from '#core/rest.ts';
import { ApiProblem } from './problem.ts';

/** Where the API is: on a unix socket, or at an address. */
export type Endpoint = { token: string } & ({ socketPath: string } | { url: string });

export interface Call {
  method: 'GET' | 'POST';
  /** Path below `/api/v1/`, with its query. */
  path: string;
  body?: unknown;
  headers?: Record<string, string>;
  signal?: AbortSignal;
}

/** Sends one request and resolves with the answer's head; its body is still to be read. */
export type Transport = {
  /** Throws ApiProblem for a refusal, the fault `api-unreachable` (retry) when nobody answers. */
  send(call: Call): Promise<IncomingMessage>;
  close(): void;
};

/** Plain node:http: nothing heavier may be loaded at the start of a command. */
export function openTransport(endpoint: Endpoint): Transport {
  const agent = 'socketPath' in endpoint ? new Agent({ keepAlive: true }) : undefined;
  const base = 'url' in endpoint ? new URL(endpoint.url) : new URL('http://buildit/');
  const start = base.protocol === 'https:' ? requestHttps : requestHttp;
  return {
    async send(call) {
      const body = call.body === undefined ? null : JSON.stringify(call.body);
      const options: RequestOptions = {
        method: call.method,
        ...('socketPath' in endpoint ? { socketPath: endpoint.socketPath } : {}),
        ...(agent ? { agent } : {}),
        ...(call.signal ? { signal: call.signal } : {}),
        headers: {
          Authorization: `Bearer ${endpoint.token}`,
          ...(body === null ? {} : { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(body) }),
          ...call.headers,
        },
      };
      const answer = await new Promise<IncomingMessage>((resolve, reject) => {
        const outgoing = start(new URL(`/api/v1/${call.path}`, base), options, resolve);
        outgoing.once('error', (error) => reject(call.signal?.aborted ? error : toUnreachable(error)));
        outgoing.end(body ?? undefined);
      });
      if ((answer.statusCode ?? 500) < 400) return answer;
      throw new ApiProblem(await readProblem(answer));
    },
    close: () => agent?.destroy(),
  };
}

/** The whole body as text. Throws `api-unreachable` when it is cut off. */
export async function readText(answer: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of readChunks(answer)) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}

/** The body as it comes. Throws `api-unreachable` when it is cut off. */
export async function* readChunks(answer: IncomingMessage): AsyncGenerator<Buffer> {
  try {
    for await (const chunk of answer as AsyncIterable<Buffer>) yield chunk;
  } catch (error) {
    throw toUnreachable(error);
  }
}

export async function readJson<Value>(answer: IncomingMessage): Promise<Value> {
  return JSON.parse(await readText(answer)) as Value;
}

async function readProblem(answer: IncomingMessage): Promise<Problem> {
  const text = await readText(answer);
  if (answer.headers['content-type']?.startsWith('application/problem+json')) return JSON.parse(text) as Problem;
  const status = answer.statusCode ?? 500;
  return {
    type: 'docs/faults/api-unknown-answer.md',
    title: 'Unknown answer',
    status,
    detail: `the API answered ${status}`,
    code: 'api-unknown-answer',
    requestId: String(answer.headers['x-request-id'] ?? ''),
    cause: text.slice(0, 200),
    retry: 'no',
    errors: [],
  };
}

function toUnreachable(error: unknown): FaultError {
  return new FaultError({
    code: 'api-unreachable',
    message: 'the engine does not answer',
    cause: error instanceof Error ? error.message : String(error),
    fix: 'buildit engine status shows whether it runs',
    retry: { kind: 'yes', afterMs: 200 },
  });
}
