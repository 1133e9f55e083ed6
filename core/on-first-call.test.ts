import { expect, it } from 'vitest';
import { onFirstCall } from './on-first-call.ts';

it('what is loaded on the first call is loaded once, and again after a load that failed', async () => {
  let loads = 0;
  const double = onFirstCall(async () => {
    loads += 1;
    if (loads === 1) throw new Error('not there');
    return async (input: number) => input * 2;
  });
  expect(loads).toBe(0);
  await expect(double(1)).rejects.toThrow('not there');
  expect(await Promise.all([double(1), double(2)])).toEqual([2, 4]);
  expect(loads).toBe(2);
});
