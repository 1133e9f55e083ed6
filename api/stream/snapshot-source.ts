import type { StreamState } from '#core/rest.ts';
import type { TopicSource } from './source.ts';

/** An object is told at most this often (UI §9). */
const OBJECT_MS = 1_000;

/**
 * One whole object that has no rows of its own: told when it is not what was told last. Its position is the time of the
 * telling; a reader that resumes gets it once, as it stands.
 */
export function createSnapshotSource(
  topic: { name: string; position: number; rings: readonly string[] },
  options: {
    load(): Promise<StreamState>;
    /** Looked at this often, ms, also without a ring; null for never. */
    everyMs: number | null;
    now?: () => number;
  },
): TopicSource {
  const { load, everyMs, now = Date.now } = options;
  let position = topic.position;
  let told: { text: string; at: number } | null = null;
  return {
    name: topic.name,
    rings: topic.rings,
    get position() {
      return position;
    },
    isEnded: false,
    async *read() {
      const wait = told ? told.at + OBJECT_MS - now() : 0;
      if (wait > 0) return { isMore: false, againMs: wait };
      const state = await load();
      const text = JSON.stringify(state);
      if (text !== told?.text) {
        told = { text, at: now() };
        position = Math.max(position + 1, told.at);
        yield { event: 'state', topic: topic.name, seq: position, ...state };
      }
      return { isMore: false, ...(everyMs === null ? {} : { againMs: everyMs }) };
    },
  };
}
