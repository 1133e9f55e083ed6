/** How the tests, or the checks, of a run ended. */
export interface Counts {
  passed: number;
  failed: number;
  skipped: number;
}

/** The closing line of a run: `3 passed, 0 failed, 1 skipped`. */
export function formatCounts(counts: Counts): string {
  return `${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`;
}
