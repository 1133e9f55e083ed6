/** How often one role may die before the supervisor gives up (ENGINE 5). */
export interface DeathLimit {
  count: number;
  withinMs: number;
}

export const DEATH_LIMIT: DeathLimit = { count: 5, withinMs: 60_000 };

/** Counts deaths in a sliding window. @returns a function that records a death and says how many the window holds */
export function countDeaths(withinMs: number): (nowMs: number) => number {
  let deaths: number[] = [];
  return (nowMs) => {
    deaths = [...deaths.filter((at) => nowMs - at < withinMs), nowMs];
    return deaths.length;
  };
}
