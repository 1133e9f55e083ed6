import { expect, test } from 'vitest';
import { findWindow } from './find-window.ts';

const window = (now: string) => findWindow({ cron: '* 9-16 * * 1-5', timezone: 'Europe/Berlin', now });

test('inside the window the gate opens at once', async () => {
  expect(await window('2026-03-02T09:30:20.000Z')).toEqual({ openAt: '2026-03-02T09:30:20.000Z' });
});

test('outside it opens with the next match, in the time zone of the window', async () => {
  expect(await window('2026-03-02T22:00:00.000Z')).toEqual({ openAt: '2026-03-03T08:00:00.000Z' });
  expect(await window('2026-03-06T17:00:00.000Z')).toEqual({ openAt: '2026-03-09T08:00:00.000Z' });
});
