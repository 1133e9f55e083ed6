import type { ChangeHub } from './hub.ts';

/** Reads that several streams make of the same thing at the same time. */
export interface SharedReads {
  /**
   * The answer of `read`, made once for all who ask with the same `key` until one of `rings` rings; then it is made
   * anew. Whoever was rung asks again, so nobody is left with an answer from before.
   */
  read<Answer>(key: string, rings: readonly string[], read: () => Promise<Answer>): Promise<Answer>;
}

/** Keys kept; beyond it the oldest is read again. */
const MAX_KEYS = 5_000;

/** Two thousand streams on one list are one query per change, not two thousand. */
export function shareReads(hub: ChangeHub): SharedReads {
  const answers = new Map<string, { answer: Promise<unknown>; stop: () => void }>();

  function drop(key: string) {
    const held = answers.get(key);
    answers.delete(key);
    held?.stop();
  }

  return {
    read<Answer>(key: string, rings: readonly string[], read: () => Promise<Answer>): Promise<Answer> {
      const known = answers.get(key);
      if (known) return known.answer as Promise<Answer>;
      // Listening begins before the read does: what changes meanwhile is not taken for seen.
      const unlisten = rings.map((ring) => hub.listen(ring, () => drop(key)));
      const answer = read();
      answers.set(key, { answer, stop: () => unlisten.forEach((stop) => stop()) });
      answer.catch(() => drop(key));
      const [oldest] = answers.keys();
      if (answers.size > MAX_KEYS && oldest !== undefined) drop(oldest);
      return answer;
    },
  };
}
