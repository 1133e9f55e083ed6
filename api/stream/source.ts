import type { StreamEvent } from '#core/rest.ts';
import type { Call } from '../route.ts';

/** Who reads a stream: each look is a transaction of its own, limited to what the principal may see. */
export interface StreamReader extends Pick<Call, 'principal' | 'data'> {
  /** A read that all streams of the same rights make once together, until one of `rings` rings. */
  share<Answer>(key: string, rings: readonly string[], read: () => Promise<Answer>): Promise<Answer>;
}

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
   * Finds the place of a reader that holds nothing (position 0) where that means "from now on". Asked for before the reader
   * is told that it follows: resumed from that very word it misses nothing.
   */
  begin?(): Promise<void>;
  /**
   * Reads on from `position`, a bounded piece. `isMore`: there is more right now; `againMs`: there will be then. Without
   * either only one of `rings` makes another call worthwhile.
   */
  read(): AsyncGenerator<StreamEvent, { isMore: boolean; againMs?: number }>;
}
