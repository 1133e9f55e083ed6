import { expect, test } from 'vitest';
import { admitToast, chooseShown } from './toast-queue.ts';

type Kind = 'done' | 'error';
const admitAll = (kinds: readonly Kind[]) => {
  const toasts = kinds.map((kind, index) => ({ kind, name: `${kind} ${index}` }));
  return toasts.reduce(admitToast, [] as typeof toasts);
};
const namesOf = (toasts: readonly { name: string }[]) => toasts.map(({ name }) => name);

test('of what was done the oldest goes when there are more than three', () => {
  const kept = admitAll(['done', 'done', 'done', 'done']);
  expect(namesOf(chooseShown(kept))).toEqual(['done 1', 'done 2', 'done 3']);
  expect(kept).toHaveLength(3);
});

test('an error is never dropped: it waits until another is closed', () => {
  const kept = admitAll(['error', 'error', 'error', 'error', 'done', 'done', 'done', 'done', 'error']);
  expect(namesOf(chooseShown(kept))).toEqual(['error 0', 'error 1', 'error 2']);
  expect(namesOf(chooseShown(kept.slice(2)))).toEqual(['error 2', 'error 3', 'error 8']);
});

test('an error takes the place of what was done', () => {
  expect(namesOf(chooseShown(admitAll(['done', 'done', 'done', 'error'])))).toEqual(['done 1', 'done 2', 'error 3']);
});
