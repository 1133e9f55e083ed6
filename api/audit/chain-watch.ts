import type { AuditBreak, AuditChainObject } from '#core/rest-audit.ts';
import type { ApiContext } from '../context.ts';
import { CHAIN_START, verifyChain, type ChainPlace } from './verify-chain.ts';

/** So long an answer counts; then what is new is walked. */
const FRESH_MS = 15_000;
/** So long what was walked is taken for unchanged; then all of it is walked again. */
const WHOLE_MS = 3_600_000;
/** So long a request waits for the walk. */
const PATIENCE_MS = 1_500;

/** What this process knows of an organization's chain. */
interface Watch {
  place: ChainPlace;
  /** When the walk from the first row began, ms. */
  wholeAt: number;
  /** When the walk that came to the end began; null while none has. */
  verifiedUpTo: string | null;
  broken: AuditBreak | null;
  triedAt: number;
  walk: Promise<void> | null;
}

const watches = new WeakMap<ApiContext, Map<string, Watch>>();

/**
 * What is known of an organization's chain, without walking all of it for every page: from the place an earlier walk came
 * to, and from the first row once an hour. A walk that takes longer than a request waits goes on behind it.
 */
export async function readChain(context: ApiContext, organizationId: string): Promise<AuditChainObject> {
  const watch = findWatch(context, organizationId);
  const now = Date.now();
  if (watch.walk === null && now - watch.triedAt > FRESH_MS) {
    watch.triedAt = now;
    if (watch.broken !== null || now - watch.wholeAt > WHOLE_MS) {
      watch.place = CHAIN_START;
      watch.wholeAt = now;
    }
    watch.walk = walk(context, organizationId, watch).finally(() => (watch.walk = null));
  }
  if (watch.walk) await Promise.race([watch.walk, pause(PATIENCE_MS)]);
  const { broken, verifiedUpTo, place } = watch;
  if (broken) return { verdict: 'broken', verifiedUpTo: place.at, broken };
  return { verdict: verifiedUpTo ? 'intact' : 'unfinished', verifiedUpTo: verifiedUpTo ?? place.at, broken };
}

/** Without an end when the database is away: what was known stays. */
async function walk(context: ApiContext, organizationId: string, watch: Watch): Promise<void> {
  const begunAt = new Date().toISOString();
  const onPlace = (place: ChainPlace) => {
    watch.place = place;
  };
  try {
    const found = await verifyChain(context.database, organizationId, context.closing, watch.place, onPlace);
    watch.broken = found.broken;
    if (!found.broken) watch.verifiedUpTo = begunAt;
  } catch {
    // Said by every other query of the page.
  }
}

function findWatch(context: ApiContext, organizationId: string): Watch {
  const kept = watches.get(context) ?? new Map<string, Watch>();
  watches.set(context, kept);
  const known = kept.get(organizationId);
  if (known) return known;
  const watch: Watch = {
    ...{ place: CHAIN_START, wholeAt: Date.now(), verifiedUpTo: null },
    ...{ broken: null, triedAt: 0, walk: null },
  };
  kept.set(organizationId, watch);
  return watch;
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms).unref());
}
