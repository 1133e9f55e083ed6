import { expect, test } from 'vitest';
import { ProblemError } from '../problem.ts';
import { takeTurn } from './turns.ts';

test('two work at once, fifty wait in order, more are refused, and then there is room again', async () => {
  const ends: (() => void)[] = [];
  const begun: number[] = [];
  const work = (number: number) =>
    takeTurn(async () => {
      begun.push(number);
      await new Promise<void>((resolve) => ends.push(resolve));
      return number;
    });
  const taken = Array.from({ length: 52 }, (_, number) => work(number));
  const refused = await work(52).catch((error: unknown) => error);
  expect(refused).toBeInstanceOf(ProblemError);
  expect(refused).toMatchObject({ problem: { status: 503, code: 'sign-in-busy' } });
  expect(begun).toEqual([0, 1]);
  ends.shift()?.();
  await expect.poll(() => begun).toEqual([0, 1, 2]);
  const late = work(53);
  while (begun.length < 53 || ends.length > 0) {
    ends.shift()?.();
    await Promise.resolve();
  }
  expect(await Promise.all([...taken, late])).toEqual([...Array.from({ length: 52 }, (_, number) => number), 53]);
  const again = await takeTurn(async () => 'again');
  expect(again).toBe('again');
});

test('work that fails gives its turn back', async () => {
  for (let count = 0; count < 5; count += 1) {
    await expect(takeTurn(() => Promise.reject(new Error('damaged')))).rejects.toThrow('damaged');
  }
});
