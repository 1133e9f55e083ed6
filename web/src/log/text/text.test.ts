import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { removeSequences } from '#core/escape-sequences.ts';
import { splitChips } from './chips.ts';
import { findUrls } from './find-urls.ts';
import { splitParts } from './line-parts.ts';
import { readLine, type Run } from './read-line.ts';
import { contrastOf, GROUNDS, makeReadable, pickInk, type Rgb } from './readable-color.ts';
import { applySgr, PLAIN } from './style.ts';

const textOf = (runs: readonly Run[]) => runs.map((run) => run.text).join('');
const shown = (line: string) => textOf(readLine(line).runs);

describe('colours', () => {
  it('SGR sets and resets what it names', () => {
    expect(applySgr(PLAIN, '1;31')).toMatchObject({ bold: true, foreground: { kind: 'palette', index: 1 } });
    expect(applySgr(PLAIN, '97;100')).toMatchObject({ foreground: { index: 15 }, background: { index: 8 } });
    expect(applySgr(PLAIN, '38;5;196')).toMatchObject({ foreground: { kind: 'rgb', red: 255, green: 0, blue: 0 } });
    expect(applySgr(PLAIN, '38;5;9;4')).toMatchObject({ foreground: { kind: 'palette', index: 9 }, underline: true });
    expect(applySgr(PLAIN, '48;2;1;2;3')).toMatchObject({ background: { red: 1, green: 2, blue: 3 } });
    expect(applySgr(applySgr(PLAIN, '1;3;7;9;38;5;244'), '0')).toEqual(PLAIN);
    expect(applySgr(applySgr(PLAIN, '31'), '')).toEqual(PLAIN);
  });

  it('a colour that is cut off or unknown changes nothing', () => {
    for (const codes of ['38', '38;5', '38;2;1', '38;9;1', '123', '5']) expect(applySgr(PLAIN, codes)).toEqual(PLAIN);
  });

  it('every colour can be read on every ground of its theme', () => {
    const channel = fc.integer({ min: 0, max: 255 });
    fc.assert(
      fc.property(fc.tuple(channel, channel, channel), (color: Rgb) => {
        for (const grounds of [GROUNDS.dark, GROUNDS.light]) {
          for (const ground of grounds) {
            expect(contrastOf(makeReadable(color, grounds), ground)).toBeGreaterThanOrEqual(4.45);
          }
        }
        expect(contrastOf(pickInk(color), color)).toBeGreaterThanOrEqual(4.5);
      }),
    );
  });
});

describe('a line', () => {
  it('is read without what is no text, in the colours it asked for', () => {
    const { runs } = readLine('a\u001b[31mred\u001b[0m\u001b]0;title\u0007b\u001b[2Jc');
    expect(runs.map(({ text, at }) => [text, at])).toEqual([
      ['a', 0],
      ['red', 1],
      ['b', 4],
      ['c', 5],
    ]);
    expect(runs[1]?.style.foreground).toEqual({ kind: 'palette', index: 1 });
  });

  it('shows the text after the last carriage return that text follows, and keeps the rest', () => {
    expect(shown('10%\r20%\r30%')).toBe('30%');
    expect(shown('done\r')).toBe('done');
    expect(shown('10%\u001b[K\r\u001b[2K\rdone\r\r')).toBe('done');
    expect(shown('thrown away\u001b[2Kkept')).toBe('kept');
    const { earlier, updates } = readLine('a\rb\rc');
    expect([earlier.map(textOf), updates]).toEqual([['a', 'b'], 3]);
    expect(readLine('x\r'.repeat(5_000))).toMatchObject({ updates: 5_000 });
    expect(readLine('x\r'.repeat(5_000)).earlier.length).toBeLessThanOrEqual(1_000);
  });

  it('links to http and https alone', () => {
    const link = (target: string) => readLine(`\u001b]8;;${target}\u001b\\text\u001b]8;;\u0007 after`).runs;
    expect(link('https://example.com/a').map(({ href }) => href)).toEqual(['https://example.com/a', null]);
    for (const target of ['javascript:alert(1)', 'data:text/html,x', ' file:///etc/passwd', 'JAVASCRIPT://x']) {
      expect(link(target).map(({ href }) => href)).toEqual([null, null]);
    }
  });

  it('loses no character and tells places in the text without escapes, whatever it is', () => {
    const word = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 8 }),
      fc.constantFrom(
        '\r',
        '\t',
        '\u001b[31m',
        '\u001b[0m',
        '\u001b]8;;https://a.b\u0007',
        '\u0000',
        '\u202e',
        '\udc9f',
        'https://x.y/z.',
      ),
    );
    fc.assert(
      fc.property(fc.array(word), (words) => {
        const line = words.join('').replaceAll('\n', '');
        const plain = removeSequences(line);
        const { runs } = readLine(line);
        expect(runs.map(({ at, text }) => plain.slice(at, at + text.length))).toEqual(runs.map(({ text }) => text));
        const { parts, hidden } = splitParts(runs, [[1, 3]], 20);
        const drawn = parts.map((part) => (part.kind === 'chip' ? part.character : part.text)).join('');
        expect(drawn).toBe(textOf(runs).slice(0, 20));
        expect(hidden).toBe(Math.max(textOf(runs).length - 20, 0));
      }),
    );
  });
});

describe('strange characters', () => {
  it('are told by their code', () => {
    const chips = splitChips('a\u0000b\u0085\u202ec\ufeff\u2028\udc9f\ud800\tä😀', 0).filter(
      (piece) => piece.kind === 'chip',
    );
    expect(chips.map(({ label }) => label)).toEqual([
      'U+0000',
      'U+0085',
      'U+202E',
      'U+FEFF',
      'U+2028',
      '\\x9f',
      'U+D800',
    ]);
    expect(chips[0]).toMatchObject({ at: 1, character: '\u0000' });
  });
});

describe('addresses', () => {
  it('end before the punctuation around them', () => {
    const urls = (text: string) => findUrls(text).map(({ href }) => href);
    expect(urls('see https://a.b/c?d=1#e, or (http://x.y/z_(w)).')).toEqual([
      'https://a.b/c?d=1#e',
      'http://x.y/z_(w)',
    ]);
    expect(urls('javascript://a.b ftp://c.d "https://q.r"')).toEqual(['https://q.r']);
    expect(urls('https://')).toEqual([]);
  });
});
