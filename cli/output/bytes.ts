const UNITS = ['B', 'kB', 'MB', 'GB', 'TB'] as const;

/** A size for people, decimal: `18.2 kB` (UI §2, Text). */
export function formatBytes(bytes: number): string {
  let value = bytes;
  let unit = 0;
  while (value >= 999.95 && unit < UNITS.length - 1) {
    value /= 1_000;
    unit += 1;
  }
  return `${unit === 0 ? value : value.toFixed(1)} ${UNITS[unit] ?? 'B'}`;
}
