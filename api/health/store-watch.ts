import { setTimeout as wait } from 'node:timers/promises';
import { v7 as createId } from 'uuid';
import { formatDuration } from '#core/duration.ts';
import { faultOf } from '#core/fault.ts';
import type { HealthFact } from '#core/rest-health.ts';
import type { ObjectStore } from '#store/object/port.ts';
import { describe } from './describe-fact.ts';

/** One that fails this long is a platform fault (UI §4.16). */
const FAULT_MS = 60_000;
const SLOW_MS = 1_000;
/** One that answers later than this fails: who looks at the health is not kept waiting. */
const PATIENCE_MS = 2_000;
/** Several who look at the same time look at one probe. */
const FRESH_MS = 2_000;

/** What one probe has found; `wrong` null is nothing. */
interface Probe {
  ms: number;
  wrong: { message: string; fix: string } | null;
}

/**
 * Watches the store of objects (logs, artifacts, caches) by a small object of its own, which is written, read and deleted.
 * Its fact is bad once it has failed for a minute, as far as this process has looked.
 */
export function watchStore(options: { objects: ObjectStore; now?: () => number }): () => Promise<HealthFact> {
  const { objects, now = Date.now } = options;
  let failing: { since: number; seenAt: number } | null = null;
  let last: { at: number; probe: Promise<Probe> } | null = null;
  return async () => {
    if (!last || now() - last.at >= FRESH_MS) last = { at: now(), probe: probeStore(objects) };
    const { ms, wrong } = await last.probe;
    const at = now();
    if (wrong) {
      // What was not looked at for so long may have been well meanwhile.
      const isSame = failing !== null && at - failing.seenAt < FAULT_MS;
      failing = { since: isSame && failing ? failing.since : at, seenAt: at };
      const lasts = at - failing.since;
      const value = lasts === 0 ? wrong.message : `${wrong.message}, for ${formatDuration(lasts)}`;
      return {
        ...describe('store', LABEL, value, lasts >= FAULT_MS ? 'bad' : 'warn'),
        limit: LIMIT,
        remedy: wrong.fix,
      };
    }
    failing = null;
    const isSlow = ms > SLOW_MS;
    return {
      ...describe('store', LABEL, `written, read and deleted in ${ms} ms`, isSlow ? 'warn' : 'ok'),
      limit: LIMIT,
      remedy: isSlow ? 'look at the load of the disk or of the object store' : null,
    };
  };
}

const LABEL = 'Store of logs, artifacts and caches';
const LIMIT = `${SLOW_MS} ms; failing for a minute is a fault`;
const FIX = 'look whether its disk or server is there, and whether this account may write';

async function probeStore(objects: ObjectStore): Promise<Probe> {
  const begun = performance.now();
  const patience = new AbortController();
  const tooLate = wait(PATIENCE_MS, undefined, { signal: patience.signal, ref: false }).then(
    () => ({ message: `does not answer within ${formatDuration(PATIENCE_MS)}`, fix: FIX }),
    () => null,
  );
  const wrong = await Promise.race([useOnce(objects), tooLate]);
  patience.abort();
  return { ms: Math.round(performance.now() - begun), wrong };
}

/**
 * Writes, reads and deletes an object of its own: one that is given up goes on, and deletes nothing that another is about
 * to read. What a process that ends here leaves is swept.
 */
async function useOnce(objects: ObjectStore): Promise<Probe['wrong']> {
  const key = `probe/${createId()}`;
  const written = Buffer.from(key);
  try {
    const read = await writeAndRead(objects, key, written).catch(async (thrown: unknown) => {
      await objects.remove(key).catch(() => {});
      throw thrown;
    });
    await objects.remove(key);
    const isSame = read !== null && Buffer.compare(read, written) === 0;
    return isSame ? null : { message: 'gives back something else than was written', fix: FIX };
  } catch (thrown) {
    const fault = faultOf(thrown);
    const message = fault ? [fault.message, fault.cause].filter(Boolean).join(': ') : 'answers with an error';
    return { message, fix: fault?.fix ?? FIX };
  }
}

async function writeAndRead(objects: ObjectStore, key: string, written: Uint8Array): Promise<Uint8Array | null> {
  await objects.put(key, written);
  return objects.get(key);
}
