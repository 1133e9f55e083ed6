import fc from 'fast-check';
import { expect, test } from 'vitest';
import { choosePaint } from '../terminal/color.ts';
import { chooseMarks } from '../terminal/glyph.ts';
import { measureWidth } from '../terminal/width.ts';
import { type Column, renderTable } from './table.ts';

interface Row {
  id: string;
  name: string;
  text: string;
}
const columns: Column<Row>[] = [
  { header: 'id', valueOf: ({ id }) => id },
  { header: 'name', valueOf: ({ name }) => name, shorten: 'middle' },
  { header: 'text', valueOf: ({ text }) => text, shorten: 'end' },
];
const screenOf = (width: number | null) => ({
  columns: () => width,
  paintOut: choosePaint(false),
  marks: chooseMarks(true),
});

test('no line of a table is wider than the terminal', () => {
  const rows = fc.array(
    fc.record({
      id: fc.string({ maxLength: 10, unit: 'grapheme-ascii' }),
      name: fc.string({ unit: 'grapheme' }),
      text: fc.string({ unit: 'grapheme' }),
    }),
    { maxLength: 8 },
  );
  fc.assert(
    fc.property(rows, fc.integer({ min: 40, max: 200 }), (items, width) => {
      for (const line of renderTable(items, columns, screenOf(width), false).split('\n')) {
        expect(measureWidth(line)).toBeLessThanOrEqual(width);
      }
    }),
  );
});

test('elsewhere than on a terminal nothing is cut and nothing trails', () => {
  const items = [{ id: '1', name: 'n'.repeat(300), text: 't' }];
  const text = renderTable(items, columns, screenOf(null), false);
  expect(text).toContain('n'.repeat(300));
  expect(text.split('\n').every((line) => line === line.trimEnd())).toBe(true);
});

test('names shorten in the middle, ids never', () => {
  const items = [{ id: 'local/17', name: `start-${'x'.repeat(60)}-end`, text: '' }];
  const text = renderTable(items, columns, screenOf(40), true);
  expect(text).toMatch(/^local\/17  start-x+…x+-end\n$/);
});

test('what others have written stays in its cell', () => {
  const escape = String.fromCharCode(27);
  const screen = { columns: () => null, paintOut: (_: unknown, text: string) => text, marks: chooseMarks(true) };
  const columns = [
    { header: 'name', valueOf: ({ name }: { name: string }) => name },
    { header: 'next', valueOf: () => 'x' },
  ];
  expect(renderTable([{ name: `a\nb${escape}[2J` }], columns, screen, true)).toBe('a b  x\n');
});
