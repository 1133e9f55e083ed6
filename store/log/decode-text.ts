import { isUtf8 } from 'node:buffer';

/** Bytes that are not UTF-8 become lone surrogates from here on: nothing is lost, JSON carries them. */
const ESCAPE_BASE = 0xdc00;

/** The text of a line, with each byte that is not UTF-8 as U+DC00 + byte (U+DC80 to U+DCFF). */
export function decodeText(bytes: Uint8Array): string {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (isUtf8(buffer)) return buffer.toString();
  let text = '';
  let clean = 0;
  for (let at = 0; at < buffer.length;) {
    const length = sequenceLength(buffer, at);
    if (length > 0) {
      at += length;
      continue;
    }
    text += buffer.toString('utf8', clean, at) + String.fromCharCode(ESCAPE_BASE + (buffer[at] ?? 0));
    clean = ++at;
  }
  return text + buffer.toString('utf8', clean);
}

/** The bytes that {@link decodeText} was given. */
export function encodeText(text: string): Buffer {
  if (text.isWellFormed()) return Buffer.from(text);
  const parts: Buffer[] = [];
  // By code points: a surrogate that comes alone has no partner.
  for (const character of text) {
    const code = character.charCodeAt(0);
    const isByte = character.length === 1 && code >= ESCAPE_BASE + 0x80 && code <= ESCAPE_BASE + 0xff;
    parts.push(isByte ? Buffer.of(code - ESCAPE_BASE) : Buffer.from(character));
  }
  return Buffer.concat(parts);
}

/** Length of the UTF-8 sequence that begins here, 0 when none does. */
function sequenceLength(bytes: Buffer, at: number): number {
  const first = bytes[at] ?? 0;
  const length = first < 0x80 ? 1 : first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : first >= 0xc2 ? 2 : 0;
  return length > 0 && at + length <= bytes.length && isUtf8(bytes.subarray(at, at + length)) ? length : 0;
}
