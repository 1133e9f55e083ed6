import type { AuditBreak, AuditChainObject, AuditVerification } from '#core/rest-audit.ts';
import { readAuditChain } from '#db/queries/audit.ts';
import type { ApiContext } from '../context.ts';
import { CHAIN_START, missing, verifyChain, type ChainPlace } from './verify-chain.ts';

/** So long an answer counts; then what is new is walked. */
const FRESH_MS = 15_000;
/** So long what was walked is taken for unchanged; then all of it is walked again. */
const WHOLE_MS = 3_600_000;
/** So long a request waits for the walk. */
const PATIENCE_MS = 1_500;

/** What this process knows of an organization's chain. */
interface Watch {
  place: ChainPlace;
  /** The end of the last walk that found nothing: the chain never again ends before it, nor has another row there. */
  known: ChainPlace;
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
    watch.broken = found.broken ?? (await compareKnown(context, organizationId, watch.known, found.head));
    if (watch.broken) return;
    watch.known = watch.place;
    watch.verifiedUpTo = begunAt;
  } catch {
    // Said by every other query of the page.
  }
}

/** Who takes the last rows away and sets the end back leaves rows that follow each other, but not those that were there. */
async function compareKnown(
  { database }: ApiContext,
  organizationId: string,
  { rows, hash }: ChainPlace,
  head: AuditVerification['head'],
): Promise<AuditBreak | null> {
  if (rows === 0) return null;
  const end = head?.seq ?? 0;
  if (end < rows) return missing(end + 1);
  const [row] = await readAuditChain(database, organizationId, rows - 1, rows, 1);
  if (row?.hash === hash) return null;
  return { seq: rows, id: row?.id ?? null, reason: 'unchained', detail: `row ${rows} is not the one that was there` };
}

function findWatch(context: ApiContext, organizationId: string): Watch {
  const kept = watches.get(context) ?? new Map<string, Watch>();
  watches.set(context, kept);
  const known = kept.get(organizationId);
  if (known) return known;
  const watch: Watch = {
    ...{ place: CHAIN_START, known: CHAIN_START, wholeAt: Date.now(), verifiedUpTo: null },
    ...{ broken: null, triedAt: 0, walk: null },
  };
  kept.set(organizationId, watch);
  return watch;
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms).unref());
}
