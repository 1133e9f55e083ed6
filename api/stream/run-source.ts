import type { RunObject, StreamState } from '#core/rest.ts';
import { findRun, type RunWithNames } from '#db/queries/find-run.ts';
import { loadGateObjects, loadRunObject, loadStageObjects } from '../objects/load.ts';
import type { StreamReader, TopicSource } from './source.ts';

type Changed = Extract<StreamState, { kind: 'run' | 'stage' | 'gate' }>;

/** A run as it stands, with what of it changed behind a position. */
interface Look {
  run: RunWithNames;
  changed: Changed[];
  /** When the run's own row changed, or it is over. */
  object: RunObject | null;
}

async function look({ principal, data }: StreamReader, runId: string, position: number): Promise<Look | null> {
  return data(async (scoped) => {
    const run = await findRun(scoped, runId);
    if (!run) return null;
    // A position of another life of the data: what the reader holds is none of ours.
    const from = position > run.seq ? 0 : position;
    const [stages, gates] =
      run.seq > from
        ? await Promise.all([loadStageObjects(scoped, run.id, from), loadGateObjects(scoped, run, principal, from)])
        : [[], []];
    const isTold = run.rowSeq > from || run.statusKind === 'ended';
    return {
      run,
      changed: [
        ...stages.map((object) => ({ kind: 'stage' as const, object })),
        ...gates.map((object) => ({ kind: 'gate' as const, object })),
      ],
      object: isTold ? await loadRunObject(scoped, run, principal) : null,
    };
  });
}

/**
 * A run with its stages and gates, as whole objects, each as it stands when it is read: whoever is behind gets the
 * newest alone. Only what the run's `seq`, read first, covers is told, so no change can slip between two reads.
 */
export function createRunSource(
  reader: StreamReader,
  topic: { name: string; runId: string; position: number },
): TopicSource {
  let position = topic.position;
  let isEnded = false;
  const rings = [topic.name];
  return {
    name: topic.name,
    rings,
    get position() {
      return position;
    },
    get isEnded() {
      return isEnded;
    },
    async *read() {
      const found = await reader.share(`${topic.name}@${position}`, rings, () => look(reader, topic.runId, position));
      if (!found) {
        isEnded = true;
        yield { event: 'resync', topic: topic.name };
        return { isMore: false };
      }
      const { run, changed, object } = found;
      if (position > run.seq) {
        position = 0;
        yield { event: 'resync', topic: topic.name };
      }
      const due: Changed[] = changed
        .filter((change) => change.object.seq <= run.seq)
        .toSorted((a, b) => a.object.seq - b.object.seq);
      if (object && run.rowSeq > position) due.push({ kind: 'run', object });
      for (const [index, change] of due.entries()) {
        // Of several with one seq only the last lets a reader that is cut off resume behind it.
        const next = due[index + 1]?.object.seq;
        position = Math.max(position, next === change.object.seq ? change.object.seq - 1 : change.object.seq);
        yield { event: 'state', topic: topic.name, seq: position, ...change };
      }
      position = Math.max(position, run.seq);
      if (object && run.statusKind === 'ended') {
        isEnded = true;
        yield { event: 'end', topic: topic.name, object };
      }
      return { isMore: false };
    },
  };
}
