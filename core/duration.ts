const UNIT_MS: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
};

/**
 * Milliseconds of a duration as KDL writes it: one or more number-unit pairs, largest
 * first or not ("30m", "1h30m", "1.5s"); units ms, s, m, h, d, w. Null when it is none.
 */
export function parseDuration(text: string): number | null {
  const pair = /(\d+(?:\.\d+)?)(ms|[smhdw])/gy;
  let total = 0;
  let end = 0;
  for (let match = pair.exec(text); match; match = pair.exec(text)) {
    total += Number(match[1]) * (UNIT_MS[match[2] ?? ''] ?? Number.NaN);
    end = pair.lastIndex;
  }
  return end === text.length && end > 0 && Number.isFinite(total) ? Math.round(total) : null;
}

/** A duration for people: `0.3s`, `18.2s`, `3m 00s`, `1h 04m`, `2d 3h`. */
export function formatDuration(ms: number): string {
  if (ms < 60_000) return `${(Math.max(0, ms) / 1_000).toFixed(1)}s`;
  const seconds = Math.round(ms / 1_000);
  const two = (value: number) => String(value).padStart(2, '0');
  if (seconds < 3_600) return `${Math.floor(seconds / 60)}m ${two(seconds % 60)}s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 1_440) return `${Math.floor(minutes / 60)}h ${two(minutes % 60)}m`;
  const hours = Math.floor(minutes / 60);
  return `${Math.floor(hours / 24)}d ${hours % 24}h`;
}
