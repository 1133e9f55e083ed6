import type { StreamState } from '#core/rest.ts';
import type { ChangedRow, ChangeKeyset } from '#db/queries/changes.ts';
import type { TopicSource } from './source.ts';

/** What a list is made of. */
export interface ListReader {
  /** Ids that changed, and the horizon taken before them. */
  /** Where now is: everything below it is visible. */
  horizon(): Promise<number>;
  look(from: ChangeKeyset, limit: number): Promise<{ horizon: number; rows: ChangedRow[] }>;
  /** The objects of these ids; one that is gone is left out. */
  load(ids: readonly string[]): Promise<ReadonlyMap<string, StreamState>>;
}

const BATCH = 200;
/** An object is told at most this often (UI §9). */
const OBJECT_MS = 1_000;

/**
 * The objects of a list that change, each as it stands when it is read, at most once a second. The position is a
 * transaction: everything below it has been told. What lies above it and is visible already is told too, once, so an
 * old transaction that is still under way delays nothing; a reader that resumes may see such an object a second time.
 */
export function createListSource(
  topic: { name: string; position: number; rings: readonly string[] },
  reader: ListReader,
  now: () => number = Date.now,
): TopicSource {
  let position = topic.position;
  const told = new Map<string, { changedIn: number; at: number }>();
  return {
    name: topic.name,
    rings: topic.rings,
    get position() {
      return position;
    },
    isEnded: false,
    async begin() {
      position = await reader.horizon();
    },
    async *read() {
      let from: ChangeKeyset = { changedIn: position, id: '' };
      let limit = Number.POSITIVE_INFINITY;
      let againMs: number | undefined;
      for (;;) {
        const { horizon, rows } = await reader.look(from, BATCH);
        if (position === 0) {
          // Nothing held: from now on.
          position = horizon;
          return { isMore: false };
        }
        if (position > horizon) {
          position = horizon;
          yield { event: 'resync', topic: topic.name };
          return { isMore: false };
        }
        limit = Math.min(limit, horizon);
        const due: ChangedRow[] = [];
        for (const row of rows) {
          const last = told.get(row.id);
          if (last?.changedIn === row.changedIn) continue;
          const wait = last ? last.at + OBJECT_MS - now() : 0;
          if (wait <= 0) {
            due.push(row);
            continue;
          }
          // Held back: the position stays in front of it.
          limit = Math.min(limit, row.changedIn);
          againMs = Math.min(againMs ?? wait, wait);
        }
        const states = due.length > 0 ? await reader.load(due.map((row) => row.id)) : new Map<string, StreamState>();
        for (const row of due) {
          told.set(row.id, { changedIn: row.changedIn, at: now() });
          position = Math.max(position, Math.min(row.changedIn, limit));
          const state = states.get(row.id);
          if (state) yield { event: 'state', topic: topic.name, seq: position, ...state };
        }
        const last = rows.at(-1);
        if (rows.length === BATCH && last) {
          from = last;
          continue;
        }
        position = Math.max(position, limit);
        forget();
        return { isMore: false, ...(againMs === undefined ? {} : { againMs }) };
      }
    },
  };

  /** What lies below the position is never read again, and was told long enough ago. */
  function forget() {
    for (const [id, { changedIn, at }] of told) {
      if (changedIn < position && now() - at >= OBJECT_MS) told.delete(id);
    }
  }
}
