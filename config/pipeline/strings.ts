import type { KdlValue } from './kdl.ts';
import type { Place, Source } from './source.ts';

const ESCAPES: Readonly<Record<string, string>> = {
  n: '\n',
  r: '\r',
  t: '\t',
  '\\': '\\',
  '"': '"',
  b: '\b',
  f: '\f',
  s: ' ',
};

/**
 * The place in the file of a part of a string's value (UTF-16 offsets into the value), so
 * that a caret stands under a reference inside a long script. The whole value when the
 * way back is unclear.
 */
export function placeWithin(source: Source, value: KdlValue, start: number, end: number): Place {
  if (typeof value.value !== 'string') return value.place;
  const decoded = decodeOnce(value.place.source ?? source, value);
  if (!decoded) return value.place;
  const from = decoded.offsets[start];
  const last = decoded.offsets[Math.max(start, end - 1)];
  if (from === undefined || last === undefined) return value.place;
  return { ...value.place, start: value.place.start + from, end: value.place.start + last + 1 };
}

interface Decoded {
  text: string;
  /** For each unit of the text, its offset in the raw token. */
  offsets: number[];
}

/** Decoded values; a long script has many references, each with its place. */
const decodedValues = new WeakMap<KdlValue, { decoded: Decoded | null }>();

function decodeOnce(source: Source, value: KdlValue): Decoded | null {
  const known = decodedValues.get(value);
  if (known) return known.decoded;
  const found = decode(source.text.slice(value.place.start, value.place.end));
  const decoded = found?.text === value.value ? found : null;
  decodedValues.set(value, { decoded });
  return decoded;
}

function decode(raw: string): Decoded | null {
  const hashes = /^#*/.exec(raw)?.[0].length ?? 0;
  if (raw.startsWith('"""', hashes)) return decodeLines(raw, hashes);
  if (raw[hashes] !== '"') return decodePlain(raw, 0, raw.length);
  const inner = [hashes + 1, raw.length - hashes - 1] as const;
  return hashes > 0 ? decodePlain(raw, ...inner) : decodeEscapes(raw, ...inner);
}

function decodePlain(raw: string, start: number, end: number): Decoded {
  const offsets = Array.from({ length: Math.max(0, end - start) }, (_, index) => start + index);
  return { text: raw.slice(start, end), offsets };
}

function decodeEscapes(raw: string, start: number, end: number): Decoded | null {
  let text = '';
  const offsets: number[] = [];
  for (let offset = start; offset < end; offset++) {
    if (raw[offset] !== '\\') {
      text += raw[offset] ?? '';
      offsets.push(offset);
      continue;
    }
    const unicode = /^u\{([0-9a-fA-F]{1,6})\}/.exec(raw.slice(offset + 1, offset + 12));
    const space = /^\s+/.exec(raw.slice(offset + 1, end));
    const simple = ESCAPES[raw[offset + 1] ?? ''];
    if (unicode) {
      const char = String.fromCodePoint(Number.parseInt(unicode[1] ?? '', 16));
      text += char;
      for (let unit = 0; unit < char.length; unit++) offsets.push(offset);
      offset += unicode[0].length;
    } else if (space) offset += space[0].length;
    else if (simple !== undefined) {
      text += simple;
      offsets.push(offset);
      offset++;
    } else return null;
  }
  return { text, offsets };
}

/** `"""` strings: the indentation of the closing line is taken off every line. */
function decodeLines(raw: string, hashes: number): Decoded | null {
  const bodyEnd = raw.length - hashes - 3;
  const lines: { start: number; end: number }[] = [];
  const breaks = /\r\n|[\n\v\f\r\u0085\u2028\u2029]/g;
  breaks.lastIndex = hashes + 3;
  let start = hashes + 3;
  for (let match = breaks.exec(raw); match && match.index < bodyEnd; match = breaks.exec(raw)) {
    lines.push({ start, end: match.index });
    start = breaks.lastIndex;
  }
  const prefix = bodyEnd - start;
  const texts: string[] = [];
  const offsets: number[] = [];
  for (const [index, line] of lines.slice(1).entries()) {
    const blank = raw.slice(line.start, line.end).trim() === '';
    const from = blank ? line.end : line.start + prefix;
    const decoded = hashes > 0 ? decodePlain(raw, from, line.end) : decodeEscapes(raw, from, line.end);
    if (!decoded) return null;
    if (index > 0) offsets.push(line.start - 1);
    texts.push(decoded.text);
    for (const offset of decoded.offsets) offsets.push(offset);
  }
  return { text: texts.join('\n'), offsets };
}
