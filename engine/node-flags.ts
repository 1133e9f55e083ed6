/**
 * How our own processes are started. The API holds thousands of streams that allocate little each: with a small young
 * generation their memory is given back instead of kept for the next burst (docs/benchmarks.md, streams).
 */
export function listNodeFlags(role: 'api' | 'worker'): string[] {
  const flags = ['--disable-warning=ExperimentalWarning'];
  return role === 'api' ? [...flags, '--max-semi-space-size=2'] : flags;
}
