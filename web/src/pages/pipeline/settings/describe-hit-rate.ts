/** `75 % of 40`; a rate of nothing is none. */
export function describeHitRate({ hits, misses }: { hits: number; misses: number }): string {
  const count = hits + misses;
  return count === 0 ? 'not looked for' : `${Math.round((hits / count) * 100)} % of ${count}`;
}
