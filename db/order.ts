/**
 * Order of the writes about one row. The workflow numbers its transitions (`version`); the activities of a task write
 * with its version and a phase of their own, so that all of them stand behind the transition that scheduled the task
 * and before the next one. A row takes only what is newer than its last write: late writers change nothing.
 */
export const PHASES = { transition: 0, started: 1, ended: 5 } as const;

export function orderKey(version: number, phase: keyof typeof PHASES): number {
  return version * 10 + PHASES[phase];
}
