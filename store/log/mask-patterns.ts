/** Shorter pieces than this are not looked for: they would hide half of an ordinary log. */
const PIECE_MIN = 4;

/** Values below this are looked for as they are and as base64 and in addresses, but no other encoding of them. */
const ENCODED_MIN = 6;

/** Base64 of a value may stand behind 0, 1 or 2 other bytes of what was encoded together. */
const ALIGNMENTS = [0, 1, 2] as const;

const UNRESERVED = /[A-Za-z0-9\-_.~]/;

/**
 * Everything a secret may look like in a log (I30): each value whole, each of its lines, and
 * base64 (three alignments, both alphabets; also twice) and URL encodings of the value, hex, and
 * as JSON, XML and a shell write it. Line breaks are taken out, as the masker looks through
 * those of the log. Blank values give none.
 */
export function findMaskPatterns(values: readonly string[]): Uint8Array[] {
  const patterns = new Map<string, Uint8Array>();
  const add = (pattern: Uint8Array, least: number) => {
    const joined = Uint8Array.from(pattern.filter((byte) => byte !== 0x0a && byte !== 0x0d));
    if (joined.length >= least) patterns.set(Buffer.from(joined).toString('latin1'), joined);
  };
  for (const value of values) {
    if (value.trim() === '') continue;
    add(Buffer.from(value), 1);
    for (const line of value.split(/[\r\n]+/)) add(Buffer.from(line.trim()), PIECE_MIN);
    for (const form of new Set([value, value.replace(/[\r\n]+$/, '')])) {
      for (const encoded of [...encodeBase64(form), ...encodeUrl(form)]) add(Buffer.from(encoded), PIECE_MIN);
      if (Buffer.byteLength(form) < ENCODED_MIN) continue;
      for (const encoded of [...encodeHex(form), ...escape(form)]) add(Buffer.from(encoded), PIECE_MIN);
      // At the start of what was encoded, as by a pipe: each further place would hold back more of what is not secret.
      const [once = ''] = encodeBase64(form);
      const [twice = ''] = encodeBase64(once);
      add(Buffer.from(twice), PIECE_MIN);
    }
  }
  return [...patterns.values()];
}

function* encodeHex(value: string): Generator<string> {
  const hex = Buffer.from(value).toString('hex');
  yield hex;
  yield hex.toUpperCase();
}

/** As programs write it into JSON, XML and a line for a shell. */
function* escape(value: string): Generator<string> {
  const json = JSON.stringify(value).slice(1, -1);
  yield json;
  yield json.replaceAll('/', '\\/');
  yield json.replaceAll(/[\u007f-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
  const xml = value.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
  yield xml;
  yield xml.replaceAll('"', '&quot;').replaceAll("'", '&#39;');
  yield xml.replaceAll('"', '&#34;').replaceAll("'", '&apos;');
  yield value.replaceAll("'", "'\\''");
  // bash's printf %q and `set -x` of what needs no quotes.
  yield value.replaceAll(/[^A-Za-z0-9_@%+=:,./-]/g, '\\$&');
}

/** The characters of base64 that the value alone decides, for each place it may stand at. */
function* encodeBase64(value: string): Generator<string> {
  const bytes = Buffer.from(value);
  for (const before of ALIGNMENTS) {
    const encoded = Buffer.concat([Buffer.alloc(before), bytes]).toString('base64');
    const whole = encoded.slice(Math.ceil((before * 8) / 6), Math.floor(((before + bytes.length) * 8) / 6));
    yield whole;
    yield whole.replaceAll('+', '-').replaceAll('/', '_');
  }
}

/** Percent-encodings as browsers, `encodeURIComponent`, curl and forms write them. */
function* encodeUrl(value: string): Generator<string> {
  for (const plain of ['', "!'()*", '/', "/!'()*"]) {
    for (const isUpper of [true, false]) {
      const encoded = encodePercent(value, plain, isUpper);
      yield encoded;
      yield encoded.replaceAll('%20', '+');
    }
  }
}

function encodePercent(value: string, plain: string, isUpper: boolean): string {
  let encoded = '';
  for (const byte of Buffer.from(value)) {
    const character = String.fromCharCode(byte);
    if (UNRESERVED.test(character) || plain.includes(character)) {
      encoded += character;
      continue;
    }
    const hex = byte.toString(16).padStart(2, '0');
    encoded += `%${isUpper ? hex.toUpperCase() : hex}`;
  }
  return encoded;
}
