/** Lines that an address names, both included. */
export interface LineRange {
  from: number;
  to: number;
}

/** `#L120` or `#L120-L134`; null for anything else. */
export function parseLines(hash: string): LineRange | null {
  const [, first, last] = /^#?L([1-9]\d{0,11})(?:-L?([1-9]\d{0,11}))?$/.exec(hash) ?? [];
  if (!first) return null;
  const [from, to] = [Number(first), Number(last ?? first)];
  return { from: Math.min(from, to), to: Math.max(from, to) };
}

export function formatLines({ from, to }: LineRange): string {
  return from === to ? `#L${from}` : `#L${from}-L${to}`;
}
