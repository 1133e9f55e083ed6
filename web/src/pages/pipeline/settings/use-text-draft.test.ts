import { expect, test } from 'vitest';
import { settleDraft } from './use-text-draft.ts';

const KEPT = { text: 'A=2', seq: 8 };

test('what was sent needs no draft', () => {
  expect(settleDraft({ text: 'A=2', base: 'A=1', seq: 7 }, 'A=2', KEPT)).toBeNull();
  expect(settleDraft(null, 'A=2', KEPT)).toBeNull();
});

test('what was typed while it was on its way is a change of what was kept', () => {
  const typed = { text: 'A=2\nB=3', base: 'A=1', seq: 7 };
  expect(settleDraft(typed, 'A=2', KEPT)).toEqual({ text: 'A=2\nB=3', base: 'A=2', seq: 8 });
});
