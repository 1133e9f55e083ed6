import { expect, test } from 'vitest';
import { resolveText } from './text.ts';

test('references are filled in, else their fallback, else the missing path is named', () => {
  const text = { parts: ['v', { ref: 'stages.a.outputs.tag' }, '-', { ref: 'stages.b.outputs.x', fallback: 'none' }] };
  expect(resolveText(text, { 'stages.a.outputs.tag': '1' })).toEqual({ kind: 'resolved', value: 'v1-none' });
  expect(resolveText(text, {})).toEqual({ kind: 'missing', ref: 'stages.a.outputs.tag' });
});

test('a path named like something of Object is missing', () => {
  expect(resolveText({ parts: [{ ref: 'constructor' }] }, {})).toEqual({ kind: 'missing', ref: 'constructor' });
});
