import type { InboxFault } from '#core/rest-inbox.ts';
import type { ApiContext } from '../context.ts';
import { listHealthFacts } from './facts.ts';

/** Looked at once for all operators who ask within this time: each look asks every part. */
const KEPT_MS = 10_000;

/** What fails may be silent too: nobody waits longer for the word of it. */
const PATIENCE_MS = 1_000;

interface Watch {
  at: number;
  /** What the last look has found. */
  found: InboxFault[];
  look: Promise<InboxFault[]>;
  /** When each was seen first, by the id of its fact; forgotten when it is well again. */
  since: Map<string, string>;
}

const watches = new WeakMap<ApiContext, Watch>();

/**
 * Parts of the installation that fail now (UI §4.16), with the time since this process has known of it. A look that takes
 * long is told of by the next.
 */
export async function listFaults(context: ApiContext): Promise<InboxFault[]> {
  const last = watches.get(context);
  const watch = last && Date.now() - last.at < KEPT_MS ? last : begin(context, last);
  const patience = new Promise<InboxFault[]>((resolve) => setTimeout(() => resolve(watch.found), PATIENCE_MS).unref());
  return Promise.race([watch.look, patience]);
}

function begin(context: ApiContext, last: Watch | undefined): Watch {
  const { since, found } = last ?? { since: new Map<string, string>(), found: [] };
  const watch: Watch = { at: Date.now(), found, since, look: readFaults(context, since) };
  watches.set(context, watch);
  watch.look.then(
    (faults) => (watch.found = faults),
    () => watches.delete(context),
  );
  return watch;
}

async function readFaults(context: ApiContext, since: Map<string, string>): Promise<InboxFault[]> {
  const { facts } = await listHealthFacts(context);
  const bad = facts.filter(({ state }) => state === 'bad');
  for (const id of since.keys()) if (!bad.some((fact) => fact.id === id)) since.delete(id);
  return bad.map(({ id, label, value, remedy, at }) => {
    const seen = since.get(id) ?? at;
    since.set(id, seen);
    return { id, label, value, remedy, since: seen };
  });
}
