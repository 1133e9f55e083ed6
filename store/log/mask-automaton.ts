/**
 * Aho and Corasick's automaton over bytes: about one step a byte, whatever the number of
 * patterns. State 0 is "nothing begun". Kept as a tree with links and not as a table: the
 * encodings of one key of 64 KiB are millions of states, each with one way on.
 */
export interface MaskAutomaton {
  /** The state after a byte. */
  step(state: number, byte: number): number;
  /** Bytes of the longest pattern begun at a state that more bytes could complete or extend. */
  begun: Int32Array;
  /** Length of the longest pattern that ends at a state, 0 for none. */
  ends: Int32Array;
  /** The next state along the suffixes at which a shorter pattern ends, 0 for none. */
  shorter: Int32Array;
}

export function buildMaskAutomaton(patterns: readonly Uint8Array[]): MaskAutomaton {
  const tree = plantTree(patterns);
  const { states, root, bytes, first, sibling, ends } = tree;
  const suffix = new Int32Array(states);
  const begun = new Int32Array(states);
  const shorter = new Int32Array(states);

  function step(from: number, byte: number): number {
    for (let state = from; state !== 0; state = at(suffix, state)) {
      for (let child = at(first, state); child !== 0; child = at(sibling, child)) {
        if (at(bytes, child) === byte) return child;
      }
    }
    return at(root, byte);
  }

  // Breadth first: the suffix of a state is nearer to the root than the state.
  const depth = new Int32Array(states);
  const queue = new Int32Array(states);
  let [head, tail] = [0, 0];
  const visit = (state: number, parent: number) => {
    depth[state] = at(depth, parent) + 1;
    suffix[state] = parent === 0 ? 0 : step(at(suffix, parent), at(bytes, state));
    queue[tail++] = state;
  };
  for (const child of root) if (child !== 0) visit(child, 0);
  while (head < tail) {
    const state = at(queue, head++);
    const back = at(suffix, state);
    shorter[state] = at(ends, back) > 0 ? back : at(shorter, back);
    begun[state] = at(first, state) === 0 ? at(begun, back) : at(depth, state);
    for (let child = at(first, state); child !== 0; child = at(sibling, child)) visit(child, state);
  }
  return { step, begun, ends, shorter };
}

/** All patterns as one tree: the children of a state are a list, those of the root a table by byte. */
function plantTree(patterns: readonly Uint8Array[]) {
  const most = patterns.reduce((sum, pattern) => sum + pattern.length, 1);
  const root = new Int32Array(256);
  const bytes = new Uint8Array(most);
  const first = new Int32Array(most);
  const sibling = new Int32Array(most);
  const ends = new Int32Array(most);
  let states = 1;
  for (const pattern of patterns) {
    let state = 0;
    for (const byte of pattern) {
      let child = state === 0 ? at(root, byte) : at(first, state);
      while (state !== 0 && child !== 0 && at(bytes, child) !== byte) child = at(sibling, child);
      if (child === 0) {
        child = states++;
        bytes[child] = byte;
        if (state === 0) root[byte] = child;
        else {
          sibling[child] = at(first, state);
          first[state] = child;
        }
      }
      state = child;
    }
    ends[state] = pattern.length;
  }
  // Copies: many patterns have much in common, and what was set aside for them is given back.
  return {
    states,
    root,
    bytes: bytes.slice(0, states),
    first: first.slice(0, states),
    sibling: sibling.slice(0, states),
    ends: ends.slice(0, states),
  };
}

/** Indexes here are always within the arrays. */
function at(array: Int32Array | Uint8Array, index: number): number {
  return array[index] as number;
}
