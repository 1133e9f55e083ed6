import type { ApiContext } from '../context.ts';
import { loadHealth } from '../health/load-health.ts';
import { loadInbox } from '../objects/load-inbox.ts';
import { createSnapshotSource } from './snapshot-source.ts';
import type { StreamReader, TopicSource } from './source.ts';

/** Facts of health change without a notification. */
const HEALTH_MS = 5_000;

/** Faults of the installation come without a ring, and are told to operators. */
const FAULTS_MS = 15_000;

/** `inbox`: what waits for the reader. */
export function createInboxSource(
  context: ApiContext,
  reader: StreamReader,
  topic: { name: string; position: number },
): TopicSource {
  const { principal, data, share } = reader;
  const rings = principal.organizations.flatMap((organization) =>
    organization.workspaces.flatMap(({ id }) => [`inbox:${id}`, `runs:${id}`]),
  );
  const read = () => data((scoped) => loadInbox(context, scoped, principal));
  // Who begins to follow has just read it: what others were answered a moment ago may be older than that, and where
  // nothing rings (a secret is due, a token ends soon) it would stay. Whoever was rung is answered from after the ring.
  let isFirst = true;
  const load = () => (isFirst ? read() : share('inbox', rings, read));
  return createSnapshotSource(
    { ...topic, rings },
    {
      load: async () => {
        const object = await load();
        isFirst = false;
        return { kind: 'inbox', object };
      },
      everyMs: principal.isOperator ? FAULTS_MS : null,
    },
  );
}

/** `health`: how the parts behind the API are, for operators. */
export function createHealthSource(context: ApiContext, topic: { name: string; position: number }): TopicSource {
  return createSnapshotSource(
    { ...topic, rings: [] },
    { load: async () => ({ kind: 'health', object: await loadHealth(context) }), everyMs: HEALTH_MS },
  );
}
