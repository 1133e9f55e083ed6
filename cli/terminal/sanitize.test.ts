import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ESC } from './escape.ts';
import { applyReturns, keepColors, removeEscapes } from './sanitize.ts';

test('colours stay and are closed, all other sequences go', () => {
  expect(keepColors(`${ESC}[31mred${ESC}[2J${ESC}]0;title\u0007${ESC}[1A x`)).toBe(`${ESC}[31mred x${ESC}[0m`);
  expect(keepColors(`${ESC}]8;;javascript:alert(1)${ESC}\\link${ESC}]8;;${ESC}\\`)).toBe('link');
});

test('nothing but colours is left of any text', () => {
  const pieces = fc.constantFrom(
    ESC,
    `${ESC}[`,
    '31m',
    '2J',
    ']0;',
    '\u0007',
    '\u009b',
    'a',
    '\u202e',
    '\r',
    '\u0000',
    '\ue000[1A',
  );
  fc.assert(
    fc.property(fc.array(pieces, { maxLength: 20 }), (parts) => {
      const clean = keepColors(parts.join(''));
      const rest = clean.split(new RegExp(`${ESC}\\[[0-9;:]*m`)).join('');
      expect(rest).not.toMatch(/\p{Cc}|[\u202a-\u202e]/u);
    }),
  );
});

test('text without colours has no escape at all', () => {
  expect(removeEscapes(`${ESC}[1mbold${ESC}[0m\u0000`)).toBe('bold');
});

test('a carriage return shows what was written last', () => {
  expect(applyReturns('10%\r50%\r100%')).toBe('100%');
  expect(applyReturns('done\r')).toBe('done');
});
