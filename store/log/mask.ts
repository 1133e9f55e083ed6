import { buildMaskAutomaton } from './mask-automaton.ts';
import { findMaskPatterns } from './mask-patterns.ts';

/** Takes secrets out of a stream of bytes; how the stream is cut into pushes changes nothing. */
export interface Masker {
  /** What is decided now. The rest, at most the longest pattern and a cluster, is held back. */
  push(bytes: Uint8Array): MaskedPiece[];
  /** What was held back: nothing can complete it any more. The masker begins anew. */
  end(): MaskedPiece[];
}

/**
 * Output and the number of input bytes it stands for: the same bytes, or `***` for a
 * secret. A view of what was pushed: good until the next push.
 */
export interface MaskedPiece {
  kind: 'clear' | 'masked';
  bytes: Uint8Array;
  consumed: number;
}

/** Shorter patterns are looked for within a line only: `ab` must not hide `a\nb`. */
const ACROSS_LINES_MIN = 8;

/** A pattern begun is given up at the fifth line break in a row. */
const BREAKS_MAX = 4;

/** Overlapping secrets are hidden together, but decided at the latest after this many bytes. */
const CLUSTER_MAX = 64 * 1024;

const [LINE_FEED, CARRIAGE_RETURN] = [0x0a, 0x0d];
const STARS = Buffer.from('***');

/** Masks the values and their encodings (mask-patterns). Without values it hands everything on. */
export function createMasker(values: readonly string[]): Masker {
  const patterns = findMaskPatterns(values);
  if (patterns.length === 0) return { push: (bytes) => (bytes.length === 0 ? [] : [keep(bytes)]), end: () => [] };
  const { step, begun, ends, shorter } = buildMaskAutomaton(patterns);

  /** Input that is not decided yet; positions below count from its first byte. */
  let held: Uint8Array = new Uint8Array();
  let state = 0;
  let breaks = 0;
  /** Position of the last line break in `held`, -1 when it has none. */
  let lastBreak = -1;
  /** Disjoint parts of `held` that are secret, in order. */
  let clusters: { from: number; to: number }[] = [];
  /** Nothing in front of this is joined any more. */
  let sealed = 0;

  /** Position of the byte `count` steps back from `position` (itself the first), line breaks not counted. */
  function stepBack(position: number, count: number): number {
    if (lastBreak < 0 || position - count + 1 > lastBreak) return Math.max(position - count + 1, 0);
    let index = position;
    for (let left = count; index >= 0; index--) if (!isBreak(held[index]) && --left === 0) return index;
    return 0;
  }

  function hasBreak(from: number, to: number): boolean {
    if (lastBreak < from) return false;
    return held.subarray(from, to).some(isBreak);
  }

  function hide(from: number, to: number): void {
    const cluster = { from: Math.max(from, sealed), to };
    for (let last = clusters.at(-1); last && last.to > cluster.from && last.to > sealed; last = clusters.at(-1)) {
      cluster.from = Math.min(cluster.from, last.from);
      clusters.pop();
    }
    if (cluster.to - cluster.from > CLUSTER_MAX) {
      sealed = cluster.from + CLUSTER_MAX;
      clusters.push({ from: cluster.from, to: sealed });
      cluster.from = sealed;
    }
    clusters.push(cluster);
  }

  function matchAt(position: number, reached: number): void {
    for (
      let end = (ends[reached] as number) > 0 ? reached : (shorter[reached] as number);
      end !== 0;
      end = shorter[end] as number
    ) {
      const length = ends[end] as number;
      const from = stepBack(position, length);
      if (length < ACROSS_LINES_MIN && hasBreak(from, position)) continue;
      hide(from, position + 1);
      return;
    }
  }

  function scan(from: number): void {
    const bytes = held;
    let reached = state;
    for (let position = from; position < bytes.length; position++) {
      const byte = bytes[position] as number;
      if (byte === LINE_FEED || byte === CARRIAGE_RETURN) {
        lastBreak = position;
        if (++breaks > BREAKS_MAX) reached = 0;
        continue;
      }
      breaks = 0;
      reached = step(reached, byte);
      if (reached === 0) continue;
      if ((ends[reached] as number) > 0 || (shorter[reached] as number) > 0) matchAt(position, reached);
    }
    state = reached;
  }

  /** Decides all in front of `limit` that no later byte can change. */
  function emit(limit: number): MaskedPiece[] {
    let end = limit;
    for (const cluster of clusters) if (cluster.to > end) end = Math.min(end, cluster.from);
    end = Math.max(end, sealed);
    const pieces: MaskedPiece[] = [];
    let position = 0;
    for (const { from, to } of clusters) {
      if (to > end) break;
      if (from > position) pieces.push(keep(held.subarray(position, from)));
      pieces.push(star(held.subarray(from, to)));
      position = to;
    }
    if (end > position) pieces.push(keep(held.subarray(position, end)));
    clusters = clusters
      .filter((cluster) => cluster.to > end)
      .map((cluster) => ({ from: cluster.from - end, to: cluster.to - end }));
    // A copy, as the caller may reuse its buffer.
    held = Uint8Array.from(held.subarray(end));
    lastBreak = Math.max(lastBreak - end, -1);
    sealed = 0;
    return pieces;
  }

  return {
    push(bytes) {
      const from = held.length;
      held = from === 0 ? bytes : Buffer.concat([held, bytes]);
      scan(from);
      const open = begun[state] as number;
      return emit(open === 0 ? held.length : stepBack(held.length - 1, open));
    },
    end() {
      [state, breaks] = [0, 0];
      return emit(held.length);
    },
  };
}

function isBreak(byte: number | undefined): boolean {
  return byte === LINE_FEED || byte === CARRIAGE_RETURN;
}

function keep(bytes: Uint8Array): MaskedPiece {
  return { kind: 'clear', bytes, consumed: bytes.length };
}

/** Stars for each line's part of the secret; line breaks stay, so that lines keep their numbers. */
function star(secret: Uint8Array): MaskedPiece {
  const parts: Uint8Array[] = [];
  let isHidden = false;
  for (const [index, byte] of secret.entries()) {
    if (isBreak(byte)) parts.push(secret.subarray(index, index + 1));
    else if (!isHidden) parts.push(STARS);
    isHidden = !isBreak(byte);
  }
  return { kind: 'masked', bytes: Buffer.concat(parts), consumed: secret.length };
}
