import type { ChangeHub } from './hub.ts';

/** Reads that several streams make of the same thing at the same time. */
export interface SharedReads {
  /**
   * The answer of `read`, made once for all who ask with the same `key` until one of `rings` rings; then it is made
   * anew. Whoever was rung asks again, so nobody is left with an answer from before; and who asks some seconds later
   * gets another anyway, should the word of a change be lost.
   */
  read<Answer>(key: string, rings: readonly string[], read: () => Promise<Answer>): Promise<Answer>;
}

/** Keys kept; beyond it the oldest is read again. */
const MAX_KEYS = 5_000;
/** How long an answer is kept, ms. All who were rung ask at once; what nobody asks for any more is not to fill memory. */
const KEPT_MS = 5_000;

/** Two thousand streams on one list are one query per change, not two thousand. */
export function shareReads(hub: ChangeHub): SharedReads {
  const answers = new Map<string, { answer: Promise<unknown>; drop: () => void }>();

  return {
    read<Answer>(key: string, rings: readonly string[], read: () => Promise<Answer>): Promise<Answer> {
      const known = answers.get(key);
      if (known) return known.answer as Promise<Answer>;
      // Listening begins before the read does: what changes meanwhile is not taken for seen.
      const unlisten = rings.map((ring) => hub.listen(ring, () => drop()));
      const timer = setTimeout(() => drop(), KEPT_MS).unref();
      const drop = () => {
        if (answers.get(key)?.drop === drop) answers.delete(key);
        clearTimeout(timer);
        unlisten.forEach((stop) => stop());
      };
      const answer = read();
      answers.set(key, { answer, drop });
      answer.catch(drop);
      const [oldest] = answers.values();
      if (answers.size > MAX_KEYS) oldest?.drop();
      return answer;
    },
  };
}
