import { Agent, request as requestHttp, type IncomingMessage, type RequestOptions } from 'node:http';
import { Agent as AgentOfTls, request as requestHttps } from 'node:https';
import { setTimeout as wait } from 'node:timers/promises';
import { faultOf } from '#core/fault.ts';
import type { Problem } from '#core/rest.ts';
import { ApiProblem } from './problem.ts';
import { answerCut, engineUnreachable, serverUnreachable, unknownAnswer } from './unreachable.ts';

/** Where the API is: the local engine on its unix socket, or a server at an address. */
export type Endpoint = { socketPath: string; token: string } | ServerEndpoint;

export interface ServerEndpoint {
  /** `https://ci.example.com`, with a path when the server stands below one. */
  url: string;
  credential: Credential;
  /** Told before a pause that the server asked for, or that a lost connection needs. */
  onWait?: (waitMs: number, reason: string) => void;
}

/** What a server knows the caller by. */
export interface Credential {
  /** Bearer of the next request; null sends none. */
  token(): Promise<string | null>;
  /** Asked once after a 401: true when `token` now answers another one. */
  renew(): Promise<boolean>;
}

export interface Call {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Path below `/api/v1/`, with its query. */
  path: string;
  /** Sent as JSON, bytes as they are. */
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

/** Tries of a request to a server that is busy, not ready or not reached (UI §8, exit 3). */
const TRIES = 3;
/** A longer pause is not waited for: the refusal names it. */
const LONGEST_WAIT_MS = 60_000;
/** Pause before the second and third try when the server names none. */
const PAUSE_MS = 500;

/** Plain node:http: nothing heavier may be loaded at the start of a command. */
export function openTransport(endpoint: Endpoint): Transport {
  if ('socketPath' in endpoint) {
    const agent = new Agent({ keepAlive: true });
    const { socketPath, token } = endpoint;
    return {
      async send(call) {
        const answer = await request(new URL(`http://buildit/api/v1/${call.path}`), call, token, { agent, socketPath });
        return checkAnswer(answer);
      },
      close: () => agent.destroy(),
    };
  }
  return openServerTransport(endpoint);
}

/** To a server a request is repeated where that can do no harm: every write of ours carries an Idempotency-Key. */
function openServerTransport({ url, credential, onWait }: ServerEndpoint): Transport {
  const base = new URL(url.endsWith('/') ? url : `${url}/`);
  const agent = new (base.protocol === 'https:' ? AgentOfTls : Agent)({ keepAlive: true });
  const sendOnce = async (call: Call) => {
    const target = new URL(`api/v1/${call.path}`, base);
    return checkAnswer(await request(target, call, await credential.token(), { agent }));
  };
  const sendSignedIn = async (call: Call) => {
    try {
      return await sendOnce(call);
    } catch (error) {
      if (!(error instanceof ApiProblem) || error.problem.status !== 401 || !(await credential.renew())) throw error;
      return sendOnce(call);
    }
  };
  return {
    async send(call) {
      for (let tries = 1; ; tries += 1) {
        try {
          return await sendSignedIn(call);
        } catch (thrown) {
          const error = faultOf(thrown) || call.signal?.aborted ? thrown : serverUnreachable(url, thrown);
          const pause = tries < TRIES ? pauseBefore(error, tries) : null;
          if (pause === null || call.signal?.aborted) throw error;
          onWait?.(pause, error instanceof Error ? error.message : String(error));
          await wait(pause, undefined, call.signal ? { signal: call.signal } : {});
        }
      }
    },
    close: () => agent.destroy(),
  };
}

/** Milliseconds to wait before the next try; null when another try gives the same or takes too long. */
function pauseBefore(error: unknown, tries: number): number | null {
  if (!(error instanceof ApiProblem)) return faultOf(error)?.retry.kind === 'yes' ? PAUSE_MS * tries : null;
  const { status, retry } = error.problem;
  if (status !== 429 && status !== 503) return null;
  const wanted = retry === 'no' ? PAUSE_MS * tries : retry.afterMs;
  return wanted > LONGEST_WAIT_MS ? null : Math.max(wanted, PAUSE_MS);
}

function request(url: URL, call: Call, token: string | null, options: RequestOptions): Promise<IncomingMessage> {
  const isBytes = call.body instanceof Uint8Array;
  const body = call.body === undefined ? null : isBytes ? (call.body as Uint8Array) : JSON.stringify(call.body);
  const start = url.protocol === 'https:' ? requestHttps : requestHttp;
  return new Promise((resolve, reject) => {
    const outgoing = start(
      url,
      {
        ...options,
        method: call.method,
        ...(call.signal ? { signal: call.signal } : {}),
        headers: {
          ...(token === null ? {} : { Authorization: `Bearer ${token}` }),
          ...(body === null
            ? {}
            : {
                'Content-Type': isBytes ? 'application/octet-stream' : 'application/json',
                'Content-Length': Buffer.byteLength(body),
              }),
          ...call.headers,
        },
      },
      resolve,
    );
    outgoing.once('error', (error) =>
      reject('socketPath' in options && !call.signal?.aborted ? engineUnreachable(error) : error),
    );
    outgoing.end(body ?? undefined);
  });
}

async function checkAnswer(answer: IncomingMessage): Promise<IncomingMessage> {
  if ((answer.statusCode ?? 500) < 300) return answer;
  throw new ApiProblem(await readProblem(answer));
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
    throw answerCut(error);
  }
}

/** The body as JSON. Throws `api-unknown-answer` when it is something else: then another program answers there. */
export async function readJson<Value>(answer: IncomingMessage): Promise<Value> {
  const text = await readText(answer);
  if (answer.statusCode === 204) return undefined as Value;
  if (answer.headers['content-type']?.startsWith('application/json')) return JSON.parse(text) as Value;
  throw new ApiProblem(unknownAnswer(answer, text));
}

async function readProblem(answer: IncomingMessage): Promise<Problem> {
  const text = await readText(answer);
  if (!answer.headers['content-type']?.startsWith('application/problem+json')) return unknownAnswer(answer, text);
  const problem = JSON.parse(text) as Problem;
  const after = Number(answer.headers['retry-after']);
  return problem.retry === 'no' && after > 0 ? { ...problem, retry: { afterMs: after * 1_000 } } : problem;
}
