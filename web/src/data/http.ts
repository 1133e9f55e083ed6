import type { Problem } from '#core/rest.ts';
import { ProblemError } from '../ui/describe-failure.ts';
import { createKey } from './create-key.ts';

const PREFIX = '/api/v1';
/** No loader waits longer: then a person is told why, with Retry. */
const PATIENCE_MS = 10_000;
/** What a person has set going is given longer, and what becomes of it after that is not known. */
const WRITE_PATIENCE_MS = 30_000;

export type Query = Record<string, string | number | boolean | readonly string[] | null | undefined>;

export interface WriteOptions {
  /** The same for every repetition of one wish; a new one when absent. */
  key?: string | Wish;
  /** `ETag` that the change is based on: refused (412) when somebody was faster. */
  ifMatch?: string;
  query?: Query;
  signal?: AbortSignal;
}

/** An answer with what stands beside it. */
export interface Answered<Body> {
  status: number;
  body: Body;
  etag: string | null;
}

/** Reads an object or a list. Throws {@link ProblemError}, also for a server that cannot be reached or is silent. */
export async function get<Body>(path: string, query: Query = {}, signal?: AbortSignal): Promise<Body> {
  return (await read<Body>(path, query, signal)).body;
}

/** The same with its `ETag`, for what is to be changed. */
export function read<Body>(path: string, query: Query = {}, signal?: AbortSignal): Promise<Answered<Body>> {
  return send<Body>(path, { method: 'GET' }, query, signal);
}

/** Changes something, once whatever happens on the way: every write has its key. */
export function write<Body>(
  method: 'POST' | 'PUT' | 'PATCH' | 'DELETE',
  path: string,
  body?: unknown,
  options: WriteOptions = {},
): Promise<Answered<Body>> {
  const { key = createKey(), ifMatch, query = {}, signal } = options;
  const text = body === undefined ? undefined : JSON.stringify(body);
  const headers = {
    'Idempotency-Key': typeof key === 'string' ? key : key(`${method} ${path} ${text}`),
    ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
    ...(ifMatch === undefined ? {} : { 'If-Match': ifMatch }),
  };
  const content = text === undefined ? {} : { body: text };
  return send<Body>(path, { method, headers, ...content }, query, signal);
}

/** The key of what is asked for; the same again for the same. */
export type Wish = (request: string) => string;

/**
 * What a person wants of a form. Its answer may have been lost: asked again unchanged it must not act twice, and what is
 * corrected is another request.
 */
export function createWish(): Wish {
  const keys = new Map<string, string>();
  return (request) => {
    const key = keys.get(request) ?? createKey();
    keys.set(request, key);
    return key;
  };
}

/** Address of an answer that a link or a download opens. */
export function addressOf(path: string, query: Query = {}): string {
  return `${PREFIX}/${path}${toQuery(query)}`;
}

/** The server knows the session no longer, or it is too old for what was asked. */
export type SignInNeed = 'ended' | 'too-old';

/** `isAct`: of something a person does; pages read by themselves. */
type Listener = (need: SignInNeed, isAct: boolean) => void;
let onSignInNeeded: Listener = () => {};

/** What happens when a sign-in is needed: the dialog that signs in again. */
export function whenSignInNeeded(listener: Listener): void {
  onSignInNeeded = listener;
}

async function send<Body>(
  path: string,
  init: { method: string; headers?: Record<string, string>; body?: string },
  query: Query,
  signal: AbortSignal | undefined,
): Promise<Answered<Body>> {
  const patienceMs = isAct(init, signal) ? WRITE_PATIENCE_MS : PATIENCE_MS;
  const { answer, readText } = await request(path, init, query, signal, patienceMs);
  const text = await readText();
  const body = (text === '' ? null : JSON.parse(text)) as Body;
  return { status: answer.status, body, etag: answer.headers.get('etag') };
}

/** An answer that is no JSON object: lines of a log, bytes. It is whole within `patienceMs` or given up. */
export async function readAnswer(
  path: string,
  query: Query,
  options: { signal?: AbortSignal; headers?: Record<string, string>; patienceMs?: number } = {},
): Promise<{ body: ReadableStream<Uint8Array<ArrayBuffer>> | null; readText(): Promise<string> }> {
  const { signal, headers = {}, patienceMs = PATIENCE_MS } = options;
  const { answer, readText } = await request(path, { method: 'GET', headers }, query, signal, patienceMs);
  return { body: answer.body, readText };
}

async function request(
  path: string,
  init: { method: string; headers?: Record<string, string>; body?: string },
  query: Query,
  signal: AbortSignal | undefined,
  patienceMs: number,
): Promise<{ answer: Response; readText(): Promise<string> }> {
  const patience = AbortSignal.timeout(patienceMs);
  const giveUp = (error: unknown): never => {
    if (signal?.aborted) throw error;
    throw new ProblemError(patience.aborted ? (isAct(init, signal) ? UNDECIDED : SILENT) : UNREACHABLE);
  };
  const answer = await fetch(addressOf(path, query), {
    ...init,
    headers: { Accept: 'application/json', ...init.headers },
    signal: signal ? AbortSignal.any([signal, patience]) : patience,
    redirect: 'error',
  }).catch(giveUp);
  const readText = () => answer.text().catch(giveUp);
  if (answer.ok) return { answer, readText };
  const problem = readProblem(answer, await readText());
  if (problem.status === 401) onSignInNeeded('ended', isAct(init, signal));
  if (problem.code === 'sign-in-too-old') onSignInNeeded('too-old', isAct(init, signal));
  throw new ProblemError(problem);
}

/** Something a person does. What is checked as it is typed is a query too: it can be given up. */
function isAct({ method }: { method: string }, signal: AbortSignal | undefined): boolean {
  return method !== 'GET' && signal === undefined;
}

function readProblem(answer: Response, text: string): Problem {
  if (answer.headers.get('content-type')?.startsWith('application/problem+json')) {
    const problem: Problem = JSON.parse(text);
    return problem;
  }
  // Somebody in between: a proxy's own page.
  return {
    ...NO_PROBLEM,
    status: answer.status,
    requestId: answer.headers.get('x-request-id') ?? '',
    title: answer.statusText,
    detail: `the answer was ${answer.status} ${answer.statusText}`.trim(),
    code: `http-${answer.status}`,
  };
}

const NO_PROBLEM = { type: 'about:blank', title: '', status: 0, requestId: '', retry: { afterMs: 1_000 }, errors: [] };

const SILENT: Problem = {
  ...NO_PROBLEM,
  title: 'No answer',
  detail: `the server has not answered within ${PATIENCE_MS / 1_000} seconds`,
  code: 'no-answer',
  hint: 'it may be busy or starting; what you see may be old',
};

const UNDECIDED: Problem = {
  ...NO_PROBLEM,
  title: 'No answer yet',
  detail: `the server has not answered within ${WRITE_PATIENCE_MS / 1_000} seconds; it may still do what was asked`,
  code: 'no-answer',
  hint: 'try again: both together act once',
};

const UNREACHABLE: Problem = {
  ...NO_PROBLEM,
  title: 'Not reached',
  detail: 'the server cannot be reached',
  code: 'not-reached',
  hint: 'check the network; the page goes on by itself when the server is back',
};

function toQuery(query: Query): string {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value === null || value === undefined) continue;
    if (typeof value === 'object') for (const one of value) parameters.append(name, one);
    else parameters.append(name, String(value));
  }
  const text = parameters.toString();
  return text === '' ? '' : `?${text}`;
}
