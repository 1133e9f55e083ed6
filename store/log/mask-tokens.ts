import type { MaskedPiece, Masker } from './mask.ts';

/** Tokens that tell by how they begin what they are: ours, and those of services that stages talk to (I30). */
const TOKENS = [
  { starts: ['bi_pat_', 'bi_org_', 'bi_cli_', 'bi_ref_', 'bi_run_', 'bi_agent_'], of: '[0-9A-Za-z]', least: 16 },
  { starts: ['ghp_', 'gho_', 'ghs_', 'ghu_', 'ghr_'], of: '[0-9A-Za-z]', least: 30 },
  { starts: ['github_pat_'], of: '[0-9A-Za-z_]', least: 30 },
  { starts: ['glpat-'], of: '[0-9A-Za-z_-]', least: 20 },
  { starts: ['AKIA', 'ASIA'], of: '[0-9A-Z]', least: 16, most: 16 },
];

/** Parameters of an address whose values open something, in any case. */
const PARAMETERS = ['x-amz-signature', 'x-amz-security-token', 'private_token'];

const VALUE = '[^&\\s"\'<>`]';
const REST = new RegExp(`^${VALUE}*`);
const ALONE = '(?<![0-9A-Za-z])';

const FULL = new RegExp(
  [
    ...TOKENS.map(({ starts, of, least, most }) => {
      const length = most === undefined ? `{${least},}` : `{${least}}(?![0-9A-Za-z])`;
      return `${ALONE}(?:${starts.join('|')})${of}${length}`;
    }),
    `([?&](?:${PARAMETERS.map(inAnyCase).join('|')})=)${VALUE}+`,
  ].join('|'),
  'g',
);

/** Stands in every match of `FULL`. */
const CANDIDATE = /bi_|gh[opsur]_|github_pat_|glpat-|A[KS]IA|[?&][xXpP]/g;

/** The end of a piece that more bytes could make one of them. */
const BEGUN = new RegExp(
  `(?:${[
    ...TOKENS.flatMap(({ starts, of, least }) => [
      ...starts.map((start) => ALONE + beginningOf(start.split(''))),
      `${ALONE}(?:${starts.join('|')})${of}{0,${least - 1}}`,
    ]),
    ...PARAMETERS.map((name) => `[?&](?:${beginningOf(`${name}=`.split('').map(inAnyCase))})?`),
  ].join('|')})$`,
);

/** Longer than any of `BEGUN` can be. */
const BEGUN_MAX = 64;
/** A value that goes on and on is hidden piece by piece from here on. */
const HELD_MAX = 4096;
const STARS = Buffer.from('***');

/**
 * Takes known kinds of tokens and signed parts of addresses out of what `inner` has masked already: a courtesy for
 * values that nobody said are secrets. How the stream is cut into pushes changes nothing, but for values longer than
 * 4 KiB. What could become one is held back: less than 64 bytes, or the value itself.
 */
export function maskTokens(inner: Masker): Masker {
  let held: Uint8Array = new Uint8Array();
  /** The byte in front of it: within a word no token begins. */
  let before = '';
  /** The value that was hidden last goes on. */
  let isOpen = false;

  function take(bytes: Uint8Array, isLast: boolean): MaskedPiece[] {
    const data = held.length === 0 ? bytes : Buffer.concat([held, bytes]);
    const text = before + Buffer.from(data.buffer, data.byteOffset, data.length).toString('latin1');
    const shift = before.length;
    const pieces: MaskedPiece[] = [];
    let position = 0;
    const add = (kind: MaskedPiece['kind'], to: number, shown: Uint8Array) => {
      if (to > position) pieces.push({ kind, bytes: shown, consumed: to - position });
      position = to;
    };
    if (isOpen) add('masked', REST.exec(text.slice(shift))?.[0].length ?? 0, new Uint8Array());
    isOpen = isOpen && position === data.length && !isLast;
    let limit = data.length;
    FULL.lastIndex = position + shift;
    for (let match = findNext(text); match; match = findNext(text)) {
      const from = match.index - shift + (match[1]?.length ?? 0);
      const to = match.index - shift + match[0].length;
      const mayGoOn = to === data.length && !isLast;
      if (mayGoOn && to - from < HELD_MAX) {
        // With its name, which is what makes it one.
        limit = match.index - shift;
        break;
      }
      isOpen = mayGoOn;
      add('clear', from, data.subarray(position, from));
      add('masked', to, STARS);
    }
    if (limit === data.length && !isLast && !isOpen) limit = findBegun(text, position + shift) - shift;
    add('clear', limit, data.subarray(position, limit));
    // A copy, as the caller may reuse its buffer.
    held = Uint8Array.from(data.subarray(limit));
    before = text.slice(0, limit + shift).slice(-1);
    return pieces;
  }

  /** What is masked already parts what stands before it from what follows. */
  const takeAll = (pieces: readonly MaskedPiece[]): MaskedPiece[] =>
    pieces.flatMap((piece) =>
      piece.kind === 'clear' ? take(piece.bytes, false) : [...take(new Uint8Array(), true), partBy(piece)],
    );

  function partBy(piece: MaskedPiece): MaskedPiece {
    before = '';
    return piece;
  }

  return {
    push: (bytes) => takeAll(inner.push(bytes)),
    end() {
      const pieces = [...takeAll(inner.end()), ...take(new Uint8Array(), true)];
      before = '';
      return pieces;
    },
  };
}

/** From `FULL.lastIndex` on. Most output has no candidate at all, and is looked through twice as fast for one. */
function findNext(text: string): RegExpExecArray | null {
  CANDIDATE.lastIndex = FULL.lastIndex;
  return CANDIDATE.test(text) ? FULL.exec(text) : null;
}

function findBegun(text: string, from: number): number {
  // One byte more, for what stands before it.
  const start = Math.max(0, text.length - BEGUN_MAX - 1);
  const found = BEGUN.exec(text.slice(start));
  return found === null ? text.length : Math.max(from, start + found.index);
}

/** A pattern of one or more of the first parts. */
function beginningOf(parts: readonly string[]): string {
  return parts.reduceRight((rest, part) => (rest === '' ? part : `${part}(?:${rest})?`), '');
}

function inAnyCase(text: string): string {
  return text.replaceAll(/[a-z]/g, (letter) => `[${letter}${letter.toUpperCase()}]`);
}
