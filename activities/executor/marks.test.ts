import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createMarkParser, type MarkedOutput } from './marks.ts';

const NONCE = 'ab'.repeat(16);
const PREFIX = `\x1e${NONCE} `;

it('finds marks inside a line and strips them', () => {
  const pieces = parseChunks([Buffer.from(`no newline${PREFIX}end 1 3 10.50 12.75\n${PREFIX}eof 3\n`)]);
  expect(textOf(pieces)).toBe('no newline');
  expect(pieces.flatMap((piece) => (piece.kind === 'mark' ? [piece.mark] : []))).toEqual([
    { kind: 'step-end', step: 1, exitCode: 3, durationMs: 2250 },
    { kind: 'eof', exitCode: 3 },
  ]);
});

it('takes an unknown body, a foreign nonce and a mark that never ends for output', () => {
  for (const text of [
    `${PREFIX}nonsense\n`,
    `\x1e${'0'.repeat(32)} eof 0\n`,
    `${PREFIX}${'x'.repeat(30_000)}`,
    PREFIX,
  ]) {
    expect(textOf(parseChunks([Buffer.from(text)]))).toBe(text);
  }
});

it('is byte-exact and accounts for every raw byte, whatever the chunks', () => {
  const part = fc.oneof(
    fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes)),
    fc
      .constantFrom(
        PREFIX,
        '\x1e',
        PREFIX.slice(0, 9),
        `${PREFIX}start 1\n`,
        `${PREFIX}end 1 0 1.00 1.01\n`,
        `${PREFIX}out a=1\nb=2\x1e\n`,
        `${PREFIX}big\n`,
      )
      .map((text) => Buffer.from(text, 'latin1')),
  );
  fc.assert(
    fc.property(
      fc.array(part, { maxLength: 12 }),
      fc.array(fc.integer({ min: 1, max: 30 }), { minLength: 1 }),
      (parts, sizes) => {
        const raw = Buffer.concat(parts);
        const whole = parseChunks([raw]);
        const chunks: Buffer[] = [];
        for (let at = 0, turn = 0; at < raw.length; turn++) {
          const size = sizes[turn % sizes.length] ?? 1;
          chunks.push(raw.subarray(at, at + size));
          at += size;
        }
        const pieces = parseChunks(chunks);
        expect(bytesOf(pieces)).toEqual(bytesOf(whole));
        expect(pieces.filter((piece) => piece.kind === 'mark')).toEqual(whole.filter((piece) => piece.kind === 'mark'));
        expect(pieces.reduce((sum, piece) => sum + piece.rawBytes, 0)).toBe(raw.length);
      },
    ),
  );
});

function parseChunks(chunks: Uint8Array[]): MarkedOutput[] {
  const parser = createMarkParser(NONCE, ['first']);
  return [...chunks.flatMap((chunk) => parser.push(chunk)), ...parser.flush()];
}

function bytesOf(pieces: MarkedOutput[]): Buffer {
  return Buffer.concat(pieces.flatMap((piece) => (piece.kind === 'bytes' ? [piece.bytes] : [])));
}

function textOf(pieces: MarkedOutput[]): string {
  return bytesOf(pieces).toString('latin1');
}
