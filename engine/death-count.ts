/** How often one role may die before the supervisor gives up (ENGINE 5). */
export interface DeathLimit {
  count: number;
  withinMs: number;
}

export const DEATH_LIMIT: DeathLimit = { count: 5, withinMs: 60_000 };

/** Counts deaths in a sliding window. @returns a function that records one death and says whether it was one too many */
export function countDeaths(limit: DeathLimit): (nowMs: number) => boolean {
  let deaths: number[] = [];
  return (nowMs) => {
    deaths = [...deaths.filter((at) => nowMs - at < limit.withinMs), nowMs];
    return deaths.length >= limit.count;
  };
}
