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
  /** Looks again who may start. */
  pump(): void;
}

/** `mayStart` is asked of a stage for which there is room, with how many execute. */
export function openSlots(
  maxParallel: number | null,
  groups: Readonly<Record<string, MatrixGroup>>,
  mayStart: (stage: OutlineStage, executing: number) => boolean,
): Slots {
  const limit = Math.min(maxParallel ?? MAX_AT_ONCE, MAX_AT_ONCE);
  const queue = new Map<string, { stage: OutlineStage; start: () => void }>();
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
    for (const [name, next] of queue) {
      if (executing >= limit) return;
      if (!hasRoom(next.stage) || !mayStart(next.stage, executing)) continue;
      queue.delete(name);
      count(next.stage, 1);
      next.start();
    }
  };
  return {
    queue(stage, start) {
      queue.set(stage.name, { stage, start });
      pump();
    },
    withdraw: (stage) => queue.delete(stage.name),
    release(stage) {
      count(stage, -1);
      pump();
    },
    isQueued: (name) => queue.has(name),
    pump,
  };
}
