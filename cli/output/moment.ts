/** `2026-01-02 03:04:05Z` of an ISO time; empty for none. */
export function formatMoment(at: string | null): string {
  return at === null ? '' : at.replace('T', ' ').replace(/\.\d+Z$/, 'Z');
}
