export const WHEN_BUSY = ['queue', 'replace-pending', 'cancel-running', 'skip-older'] as const;
export type WhenBusy = (typeof WHEN_BUSY)[number];

/** A run or a stage takes one place of a group before it starts and gives it back when it has ended (LANGUAGE §4). */
export interface ConcurrencyRule {
  /** Of the workspace. */
  group: string;
  /** Places of the group; whoever asks last says how many. */
  limit: number;
  whenBusy: WhenBusy;
}
