import type { GateObject, RunObject, StageObject } from '#core/rest.ts';
import { findRun, type RunWithNames } from '#db/queries/find-run.ts';
import { loadGateObjects, loadRunObject, loadStageObjects } from '../objects/load.ts';
import type { StreamReader, TopicSource } from './source.ts';

type Changed =
  | { kind: 'run'; object: RunObject }
  | { kind: 'stage'; object: StageObject }
  | { kind: 'gate'; object: GateObject };

/**
 * A run with its stages and gates, as whole objects, each as it stands when it is read: whoever is behind gets the
 * newest alone. Only what the run's `seq`, read first, covers is told, so no change can slip between two reads.
 */
export function createRunSource(
  reader: StreamReader,
  topic: { name: string; runId: string; position: number },
): TopicSource {
  const { principal } = reader;
  const loadRun = (run: RunWithNames) => reader.data((scoped) => loadRunObject(scoped, run, principal));
  let position = topic.position;
  let isEnded = false;
  return {
    name: topic.name,
    rings: [topic.name],
    get position() {
      return position;
    },
    get isEnded() {
      return isEnded;
    },
    async *read() {
      const run = await reader.data((scoped) => findRun(scoped, topic.runId));
      if (!run) {
        isEnded = true;
        yield { event: 'resync', topic: topic.name };
        return { isMore: false };
      }
      if (position > run.seq) {
        // A position of another life of the data: what the reader holds is none of ours.
        position = 0;
        yield { event: 'resync', topic: topic.name };
      }
      const changed: Changed[] = [];
      if (run.seq > position) {
        const [stages, gates] = await reader.data((scoped) =>
          Promise.all([loadStageObjects(scoped, run.id, position), loadGateObjects(scoped, run, principal, position)]),
        );
        changed.push(
          ...stages.map((object) => ({ kind: 'stage' as const, object })),
          ...gates.map((object) => ({ kind: 'gate' as const, object })),
        );
      }
      const due = changed.filter(({ object }) => object.seq <= run.seq).toSorted((a, b) => a.object.seq - b.object.seq);
      if (run.rowSeq > position) due.push({ kind: 'run', object: await loadRun(run) });
      for (const [index, change] of due.entries()) {
        // Of several with one seq only the last lets a reader that is cut off resume behind it.
        const next = due[index + 1]?.object.seq;
        position = Math.max(position, next === change.object.seq ? change.object.seq - 1 : change.object.seq);
        yield { event: 'state', topic: topic.name, seq: position, kind: change.kind, object: change.object };
      }
      position = Math.max(position, run.seq);
      if (run.statusKind === 'ended') {
        isEnded = true;
        yield { event: 'end', topic: topic.name, object: await loadRun(run) };
      }
      return { isMore: false };
    },
  };
}
