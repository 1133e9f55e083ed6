/**
 * The one range a `Range` header asks for, as `[from, to)`. Null for none, for a unit we do not know and for several
 * ranges: then the whole is answered, as RFC 9110 §14.2 allows.
 */
export function parseRange(header: string | null, size: number): { from: number; to: number } | 'unsatisfiable' | null {
  const groups = /^bytes=(?<from>\d*)-(?<to>\d*)$/.exec(header ?? '')?.groups;
  if (!groups) return null;
  const { from, to } = groups;
  if (!from && !to) return null;
  if (!from) {
    const length = Math.min(Number(to), size);
    return length === 0 ? 'unsatisfiable' : { from: size - length, to: size };
  }
  const start = Number(from);
  const end = to ? Math.min(Number(to) + 1, size) : size;
  if (to && Number(to) < start) return null;
  return start >= size ? 'unsatisfiable' : { from: start, to: end };
}
