import { describe, expect, test } from 'vitest';
import { createToken, hashSecret, isTokenText } from './token-text.ts';

describe('the text of a token', () => {
  test('is its kind, 43 letters and a check sum, and no two are alike', () => {
    const texts = Array.from({ length: 500 }, () => createToken('bi_pat_'));
    for (const text of texts) {
      expect(text).toMatch(/^bi_pat_[0-9A-Za-z]{49}$/);
      expect(isTokenText(text, 'bi_pat_')).toBe(true);
      expect(isTokenText(text, 'bi_org_')).toBe(false);
    }
    expect(new Set(texts).size).toBe(500);
  });

  test('is known to be mistyped by any one letter, by a cut and by an addition', () => {
    const text = createToken('bi_org_');
    for (let index = 'bi_org_'.length; index < text.length; index += 1) {
      const other = text[index] === 'a' ? 'b' : 'a';
      expect(isTokenText(`${text.slice(0, index)}${other}${text.slice(index + 1)}`, 'bi_org_')).toBe(false);
    }
    for (const wrong of ['', 'bi_org_', text.slice(0, -1), `${text}0`])
      expect(isTokenText(wrong, 'bi_org_')).toBe(false);
  });

  test('has the check sum that scanners know: CRC-32 in base 62', () => {
    // Zero is a number, too: the letters are filled up with zeros from the left.
    const zeros = `bi_pat_${'0'.repeat(43)}`;
    expect(isTokenText(`${zeros}4Zz27v`, 'bi_pat_')).toBe(true);
  });

  test('is kept as its SHA-256', () => {
    expect(hashSecret('abc')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
  });
});
