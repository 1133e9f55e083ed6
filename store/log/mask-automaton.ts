/**
 * Aho and Corasick's automaton over bytes: one step a byte, whatever the number of
 * patterns. State 0 is "nothing begun"; bytes that stand in no pattern share class 0.
 */
export interface MaskAutomaton {
  /** Class of a byte. */
  classes: Uint8Array;
  /** Number of classes: `next[state * width + class]` is the state after it. */
  width: number;
  next: Int32Array;
  /** Bytes of the longest pattern begun at a state that more bytes could complete or extend. */
  begun: Int32Array;
  /** Length of the longest pattern that ends at a state, 0 for none. */
  ends: Int32Array;
  /** The next state along the suffixes at which a shorter pattern ends, 0 for none. */
  shorter: Int32Array;
}

export function buildMaskAutomaton(patterns: readonly Uint8Array[]): MaskAutomaton {
  const classes = new Uint8Array(256);
  const seen = new Set<number>();
  for (const pattern of patterns) for (const byte of pattern) seen.add(byte);
  // All 256 bytes used would need class 256; then byte 0 shares class 0 with nothing else.
  let width = seen.size === 256 ? 0 : 1;
  for (const byte of [...seen].toSorted((left, right) => left - right)) classes[byte] = width++;

  const most = patterns.reduce((sum, pattern) => sum + pattern.length, 1);
  const next = new Int32Array(most * width);
  const depth = new Int32Array(most);
  const begun = new Int32Array(most);
  const ends = new Int32Array(most);
  const shorter = new Int32Array(most);
  let states = 1;
  for (const pattern of patterns) {
    let state = 0;
    for (const byte of pattern) {
      const edge = state * width + at(classes, byte);
      if (at(next, edge) === 0) {
        depth[states] = at(depth, state) + 1;
        next[edge] = states++;
      }
      state = at(next, edge);
    }
    ends[state] = pattern.length;
  }
  const automaton = { classes, width, next: next.subarray(0, states * width), begun, ends, shorter };
  link(automaton, depth);
  return automaton;
}

/** Breadth first: fills the edges that the tree has not with those of the longest suffix. */
function link({ width, next, begun, ends, shorter }: MaskAutomaton, depth: Int32Array): void {
  const suffix = new Int32Array(shorter.length);
  const queue = new Int32Array(shorter.length);
  let [head, tail] = [0, 0];
  for (let edge = 0; edge < width; edge++) {
    const child = at(next, edge);
    if (child !== 0) queue[tail++] = child;
  }
  while (head < tail) {
    const state = at(queue, head++);
    const back = at(suffix, state);
    shorter[state] = at(ends, back) > 0 ? back : at(shorter, back);
    begun[state] = at(begun, back);
    for (let edge = 0; edge < width; edge++) {
      const child = at(next, state * width + edge);
      const elsewhere = at(next, back * width + edge);
      if (child === 0) {
        next[state * width + edge] = elsewhere;
      } else {
        begun[state] = at(depth, state);
        suffix[child] = elsewhere;
        queue[tail++] = child;
      }
    }
  }
}

/** Indexes here are always within the arrays. */
function at(array: Int32Array | Uint8Array, index: number): number {
  return array[index] as number;
}
