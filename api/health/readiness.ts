import { setTimeout as wait } from 'node:timers/promises';
import { faultOf } from '#core/fault.ts';
import { isAway } from '#db/away.ts';
import { findSchemaLag } from '#db/migrate.ts';
import type { ApiContext } from '../context.ts';

/** What the API needs to do its work, and what is wrong with it; null is nothing. */
export interface Readiness {
  database: string | null;
  schema: string | null;
  temporal: string | null;
}

/** A part that answers later than this is away, ms. */
const PATIENCE_MS = 2_000;
/** Anybody may ask: the parts are asked at most this often, ms. */
const FRESH_MS = 1_000;

/** Asks the parts, all at once. */
export function watchReadiness(context: ApiContext): () => Promise<Readiness> {
  let last: { at: number; answer: Promise<Readiness> } | null = null;
  return () => {
    if (last && performance.now() - last.at < FRESH_MS) return last.answer;
    last = { at: performance.now(), answer: ask(context) };
    return last.answer;
  };
}

export function isReady(readiness: Readiness): boolean {
  return Object.values(readiness).every((wrong) => wrong === null);
}

async function ask(context: ApiContext): Promise<Readiness> {
  const [lag, temporal] = await Promise.all([
    settle(findSchemaLag(context.database)),
    settle(context.workflows.readVersion()),
  ]);
  return {
    database: lag.wrong,
    schema: lag.value === undefined || lag.value === 0 ? null : `${lag.value} migrations are still to be run`,
    temporal: temporal.wrong,
  };
}

async function settle<Value>(asked: Promise<Value>): Promise<{ value?: Value; wrong: string | null }> {
  const patience = new AbortController();
  const late = wait(PATIENCE_MS, undefined, { signal: patience.signal, ref: false }).then(
    () => ({ wrong: `does not answer within ${PATIENCE_MS / 1_000} s` }),
    () => ({ wrong: null }),
  );
  const answered = asked.then(
    (value) => ({ value, wrong: null }),
    (error: unknown) => ({ wrong: describe(error) }),
  );
  const settled = await Promise.race([answered, late]);
  patience.abort();
  return settled;
}

/** Without what the part itself says: it may hold addresses, and anybody may ask. */
function describe(error: unknown): string {
  if (isAway(error)) return 'does not answer';
  return faultOf(error)?.message ?? 'answers with an error';
}
