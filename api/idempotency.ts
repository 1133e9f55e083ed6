import { createHash, randomUUID } from 'node:crypto';
import type { Context } from 'hono';
import type { Queryable } from '#db/client.ts';
import { findAnswer, keepAnswer } from '#db/queries/idempotency.ts';
import type { ApiContext, ApiEnvironment } from './context.ts';
import { ProblemError } from './problem.ts';

/** An answer that can be given again: JSON text with its status. */
export interface Answer {
  status: 200 | 201 | 202;
  headers: Record<string, string>;
  body: string;
}

export function answerJson(status: Answer['status'], object: unknown, headers: Record<string, string> = {}): Answer {
  return { status, headers, body: JSON.stringify(object) };
}

/** Throws 400 `idempotency-key-invalid`, also where a write keeps no answer. */
export function checkIdempotencyKey(request: Context<ApiEnvironment>): void {
  const key = request.req.header('idempotency-key');
  if (key === undefined || /^[!-~]{1,128}$/.test(key)) return;
  throw new ProblemError(400, 'idempotency-key-invalid', 'Idempotency-Key is 1 to 128 visible ASCII characters');
}

/** Keys in work in this process, by caller and key. */
const busy = new Set<string>();

/**
 * Does a write once for its `Idempotency-Key` (UI §9). The first time `act` runs; a repetition gets the first answer,
 * another body under the key 422, one while the first is still at it 409. `act` may keep its answer by itself, in its
 * own transaction, by calling `keep`: then not even a crash right after the commit makes it act twice. `id` is that of
 * the write for others that act once an id: the same for every repetition, never that of another caller or request.
 * Problems are not kept: the same request may succeed once their cause is gone.
 */
export async function once(
  context: ApiContext,
  request: Context<ApiEnvironment>,
  body: unknown,
  act: (keep: (queryable: Queryable, answer: Answer) => Promise<void>, id: string) => Promise<Answer>,
): Promise<Response> {
  const key = request.req.header('idempotency-key') ?? null;
  if (key === null) return respond(await act(async () => {}, randomUUID()), {});
  // Of the caller itself, not of its name, which another may have later (row-level security compares it too).
  const caller = request.get('principal')?.callerId;
  // For somebody without a name nothing is kept: two of them cannot be told apart.
  if (caller === undefined) return respond(await act(async () => {}, randomUUID()), {});
  const name = `${caller}\n${key}`;
  if (busy.has(name)) throw refuseBusy();
  busy.add(name);
  try {
    // With the query: it may name the workspace.
    const address = `${request.req.path}${new URL(request.req.url).search}`;
    const requestDigest = digest(request.req.method, address, body);
    const known = await findAnswer(context.database, caller, key);
    if (known && known.requestDigest !== requestDigest) {
      throw new ProblemError(422, 'idempotency-key-reused', 'this Idempotency-Key was used for another request', {
        hint: 'take a new key for a new request',
      });
    }
    if (known) {
      const status = known.status as Answer['status'];
      return respond({ status, headers: known.headers, body: known.body }, { 'Idempotency-Replayed': 'true' });
    }
    let isKept = false;
    const keep = async (queryable: Queryable, answer: Answer) => {
      isKept = true;
      // Another process was faster: what this one did in the transaction is undone with it.
      if (!(await keepAnswer(queryable, { caller, key, requestDigest, ...answer }))) throw refuseBusy();
    };
    const answer = await act(keep, createWriteId(caller, key, requestDigest));
    if (!isKept) await keep(context.database, answer);
    return respond(answer, {});
  } finally {
    busy.delete(name);
  }
}

/** Callers choose their keys by themselves: two of them may well take the same one. */
function createWriteId(caller: string, key: string, requestDigest: string): string {
  return createHash('sha256').update(`${caller}\n${key}\n${requestDigest}`).digest('hex').slice(0, 32);
}

function refuseBusy(): ProblemError {
  return new ProblemError(409, 'idempotency-key-busy', 'the first request with this Idempotency-Key is still at it', {
    retry: { afterMs: 500 },
  });
}

function respond(answer: Answer, headers: Record<string, string>): Response {
  return new Response(answer.body, {
    status: answer.status,
    headers: { 'Content-Type': 'application/json', ...answer.headers, ...headers },
  });
}

/** Values of secrets are left out: a digest of a short one could be guessed (ENGINE 15). */
function digest(method: string, address: string, body: unknown): string {
  const text = JSON.stringify(body, (name, value: unknown) =>
    name === 'secrets' && typeof value === 'object' && value !== null ? Object.keys(value).toSorted() : value,
  );
  return createHash('sha256').update(`${method} ${address}\n${text}`).digest('hex');
}
