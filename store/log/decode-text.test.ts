import fc from 'fast-check';
import { expect, it } from 'vitest';
import { decodeText, encodeText } from './decode-text.ts';

it('UTF-8 is text as it is, a byte order mark included', () => {
  const text = '\ufeffä € 𝄞 \0 \u2028';
  expect(decodeText(Buffer.from(text))).toBe(text);
});

it('any bytes survive as text, through JSON too', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
      const text = JSON.parse(JSON.stringify(decodeText(bytes))) as string;
      expect(encodeText(text).equals(Buffer.from(bytes))).toBe(true);
    }),
    { numRuns: 1_000 },
  );
});

it('half a character, an overlong one and a surrogate in UTF-8 are single bytes', () => {
  expect(decodeText(Buffer.from([0xe2, 0x82]))).toBe('\udce2\udc82');
  expect(decodeText(Buffer.from([0xc0, 0xaf]))).toBe('\udcc0\udcaf');
  expect(decodeText(Buffer.from([0xed, 0xb2, 0x80]))).toBe('\udced\udcb2\udc80');
});
