import type { OutlineStage } from '#core/outline.ts';
import type { MatrixGroup } from '#core/plan.ts';

/** Temporal's limit of pending activities a workflow task can schedule (ARCHITECTURE §4). */
const MAX_AT_ONCE = 500;

/** Who may execute now: `--max-parallel` over the run, `max-parallel` over a matrix. */
export interface Slots {
  /** Queues a stage; `start` is called, at once or later, when there is room. First come, first served. */
  queue(stage: OutlineStage, start: () => void): void;
  /** Takes a stage out that no longer wants to start. True if it had not started. */
  withdraw(stage: OutlineStage): boolean;
  release(stage: OutlineStage): void;
  isQueued(name: string): boolean;
}

export function openSlots(maxParallel: number | null, groups: Readonly<Record<string, MatrixGroup>>): Slots {
  const limit = Math.min(maxParallel ?? MAX_AT_ONCE, MAX_AT_ONCE);
  const queue: { stage: OutlineStage; start: () => void }[] = [];
  const inGroup = new Map<string, number>();
  let executing = 0;

  const hasRoom = (stage: OutlineStage) => {
    const groupLimit = groups[stage.stage]?.maxParallel ?? MAX_AT_ONCE;
    return executing < limit && (inGroup.get(stage.stage) ?? 0) < groupLimit;
  };
  const count = (stage: OutlineStage, by: number) => {
    executing += by;
    inGroup.set(stage.stage, (inGroup.get(stage.stage) ?? 0) + by);
  };
  const pump = () => {
    for (let index = 0; index < queue.length && executing < limit;) {
      const next = queue[index];
      if (!next || !hasRoom(next.stage)) {
        index++;
        continue;
      }
      queue.splice(index, 1);
      count(next.stage, 1);
      next.start();
    }
  };
  return {
    queue(stage, start) {
      queue.push({ stage, start });
      pump();
    },
    withdraw(stage) {
      const index = queue.findIndex((entry) => entry.stage.name === stage.name);
      if (index === -1) return false;
      queue.splice(index, 1);
      return true;
    },
    release(stage) {
      count(stage, -1);
      pump();
    },
    isQueued: (name) => queue.some((entry) => entry.stage.name === name),
  };
}
