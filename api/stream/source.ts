import type { StreamEvent } from '#core/rest.ts';

/** What one topic of a stream has to say. */
export interface TopicSource {
  readonly name: string;
  /** Topics of notifications that make another read worthwhile. */
  readonly rings: readonly string[];
  /** Where a reader would resume that has seen all events so far. */
  readonly position: number;
  /** Nothing will come any more. */
  readonly isEnded: boolean;
  /**
   * Reads on from `position`, a bounded piece. `isMore`: there is more right now; `againMs`: there will be then. Without
   * either only one of `rings` makes another call worthwhile.
   */
  read(): AsyncGenerator<StreamEvent, { isMore: boolean; againMs?: number }>;
}
