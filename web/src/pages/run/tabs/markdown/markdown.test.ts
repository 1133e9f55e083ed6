import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseBlocks } from './parse-blocks.ts';
import { type Inline, parseInline } from './parse-inline.ts';

const words = (parts: readonly Inline[]): string =>
  parts.map((part) => ('inside' in part ? words(part.inside) : part.text)).join('');

describe('text of a note', () => {
  it('knows code, emphasis and links', () => {
    expect(parseInline('a `b*c*` **d _e_** ~~f~~')).toEqual([
      { kind: 'text', text: 'a ' },
      { kind: 'code', text: 'b*c*' },
      { kind: 'text', text: ' ' },
      {
        kind: 'strong',
        inside: [
          { kind: 'text', text: 'd ' },
          { kind: 'emphasis', inside: [{ kind: 'text', text: 'e' }] },
        ],
      },
      { kind: 'text', text: ' ' },
      { kind: 'strike', inside: [{ kind: 'text', text: 'f' }] },
    ]);
    expect(parseInline('[x](https://a.b/c) and https://d.e/f.')).toEqual([
      { kind: 'link', href: 'https://a.b/c', inside: [{ kind: 'text', text: 'x' }] },
      { kind: 'text', text: ' and ' },
      { kind: 'link', href: 'https://d.e/f', inside: [{ kind: 'text', text: 'https://d.e/f' }] },
      { kind: 'text', text: '.' },
    ]);
    expect(words(parseInline('snake_case_name and 2 * 3 * 4'))).toBe('snake_case_name and 2 * 3 * 4');
  });

  it('has no HTML and no link but to http and https', () => {
    expect(parseInline('<b onclick=x>hi</b>')).toEqual([{ kind: 'text', text: '<b onclick=x>hi</b>' }]);
    for (const target of ['javascript:alert(1)', 'data:text/html,x', '//evil', 'HTTPS', 'vbscript:x']) {
      expect(parseInline(`[x](${target})`)).toEqual([{ kind: 'text', text: 'x' }]);
    }
  });
});

describe('blocks of a note', () => {
  it('are headings, lists, tables, code, quotes and paragraphs', () => {
    const text =
      '# Title\n\nText\nmore\n\n- [x] one\n  - two\n- three\n\n1. a\n2. b\n\n| h | i |\n|---|:-:|\n| 1 | 2 |\n\n```js\n<b>\n```\n> said\n\n---';
    const blocks = parseBlocks(text);
    expect(blocks.map(({ kind }) => kind)).toEqual([
      'heading',
      'paragraph',
      'list',
      'list',
      'table',
      'code',
      'quote',
      'rule',
    ]);
    expect(blocks[2]).toMatchObject({
      isOrdered: false,
      items: [{ isDone: true, blocks: [{ kind: 'paragraph' }, { kind: 'list' }] }, { isDone: null }],
    });
    expect(blocks[4]).toMatchObject({ rows: [[[{ text: '1' }], [{ text: '2' }]]] });
    expect(blocks[5]).toEqual({ kind: 'code', text: '<b>' });
  });

  it('are read to their end, whatever the text is', () => {
    const piece = fc.constantFrom(
      '# ',
      '- ',
      '1. ',
      '> ',
      '```',
      '|',
      '---',
      '**',
      '_',
      '`',
      '[x](',
      ')',
      '\n',
      '  ',
      'word',
      '\\',
      '![',
      '<',
    );
    fc.assert(fc.property(fc.array(piece, { maxLength: 60 }), (pieces) => void parseBlocks(pieces.join(''))));
    expect(parseBlocks('> '.repeat(500)).length).toBe(1);
    expect(parseBlocks('*'.repeat(20_000)).length).toBe(1);
  });
});
