import { seedRandom } from '../env/seed-random.ts';

/** Choices that are the same for the same seed. */
export interface Random {
  /** From `least` to `most`, both included. */
  whole(least: number, most: number): number;
  pick<Item>(items: readonly Item[]): Item;
  /** True one time in `times`. */
  once(times: number): boolean;
}

export function openRandom(seed: number): Random {
  const next = seedRandom(seed);
  const whole = (least: number, most: number): number => least + Math.floor(next() * (most - least + 1));
  return {
    whole,
    once: (times) => whole(1, times) === 1,
    pick(items) {
      const item = items[whole(0, items.length - 1)];
      if (item === undefined) throw new Error('nothing to pick from');
      return item;
    },
  };
}
