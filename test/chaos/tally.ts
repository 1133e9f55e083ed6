import type { Breach } from '../faults/check-invariants.ts';
import { CHAOS_FAULTS } from './faults.ts';

/** What happened, and which runs were open then. */
export interface Happening {
  fault: string;
  openRuns: readonly string[];
}

/** A line a fault: how often, how many runs were open then, how many of these have a breach. */
export function formatTally(happenings: readonly Happening[], breaches: readonly Breach[]): string {
  const broken = new Set(breaches.map(({ runId }) => runId));
  const rows = CHAOS_FAULTS.map(({ name }) => {
    const mine = happenings.filter(({ fault }) => fault === name);
    const runs = new Set(mine.flatMap(({ openRuns }) => openRuns));
    return [name, mine.length, runs.size, [...runs].filter((run) => broken.has(run)).length];
  });
  const table = [['fault', 'times', 'runs open', 'with a breach'], ...rows].map((row) => row.map(String));
  const widths = table[0]?.map((_, column) => Math.max(...table.map((row) => row[column]?.length ?? 0))) ?? [];
  const format = (row: string[]) =>
    row
      .map((cell, column) => (column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0)))
      .join('  ');
  return `${table.map(format).join('\n')}\n`;
}
