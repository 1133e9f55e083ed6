import fc from 'fast-check';
import stringWidth from 'string-width';
import { expect, test } from 'vitest';
import { cutEnd, cutMiddle, measureWidth, padEnd } from './width.ts';

const texts = fc.oneof(
  fc.string(),
  fc.string({ unit: 'grapheme' }),
  fc
    .array(fc.constantFrom('a', 'é', '漢', '字', '👩‍👩‍👧', '🇩🇪', '한', 'e\u0301', '✓', '·', '\u200b', 'ﾊ'), {
      maxLength: 30,
    })
    .map((parts) => parts.join('')),
);

test.each(['abc', '漢字', '👩‍👩‍👧 ok', '🇩🇪', 'e\u0301', '한글', '✓ passed', 'ﾊﾝ', '\u001b[31mred\u001b[39m'])(
  'the width of %j is what string-width says',
  (text) => {
    expect(measureWidth(text)).toBe(stringWidth(text));
  },
);

test('a text cut at its end is never wider than asked', () => {
  fc.assert(
    fc.property(texts, fc.integer({ min: 0, max: 40 }), (text, columns) => {
      expect(measureWidth(cutEnd(text, columns, '…'))).toBeLessThanOrEqual(columns);
    }),
  );
});

test('a name cut in its middle is never wider than asked and keeps both ends', () => {
  fc.assert(
    fc.property(texts, fc.integer({ min: 4, max: 40 }), (text, columns) => {
      expect(measureWidth(cutMiddle(text, columns, '…'))).toBeLessThanOrEqual(columns);
    }),
  );
  expect(cutMiddle('integration-tests[node=22]', 13, '…')).toBe('integr…de=22]');
});

test('colours survive a cut', () => {
  expect(cutEnd('\u001b[31mabcdef\u001b[39m', 4, '…')).toBe('\u001b[31mabc…\u001b[39m');
});

test('padding counts columns, not characters', () => {
  expect(padEnd('漢', 4)).toBe('漢  ');
});
