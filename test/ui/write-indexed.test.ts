import { PNG } from 'pngjs';
import { expect, test } from 'vitest';
import { writeIndexed } from './write-indexed.ts';

/** A picture whose pixels have the colours that `colourOf` says, opaque. */
function draw(width: number, height: number, colourOf: (at: number) => [number, number, number]): PNG {
  const png = new PNG({ width, height });
  for (let at = 0; at < width * height; at++) png.data.set([...colourOf(at), 255], at * 4);
  return png;
}

test('a picture of few colours is written as it is', () => {
  const drawn = draw(33, 7, (at) => [(at % 5) * 50, (at % 3) * 80, at % 2 === 0 ? 255 : 0]);
  const read = PNG.sync.read(writeIndexed(drawn));
  expect([read.width, read.height]).toEqual([33, 7]);
  expect(read.data.equals(drawn.data)).toBe(true);
});

test('of many colours those that are used most stay, and none is far from what it was', () => {
  // A ground, and edges of a letter in a thousand greys and blues.
  const drawn = draw(100, 40, (at) =>
    at % 4 > 0 ? [10, 10, 11] : [at % 251, at % 251, Math.min(255, (at % 251) + 3)],
  );
  const read = PNG.sync.read(writeIndexed(drawn));
  const apart = [...drawn.data].map((value, at) => Math.abs(value - (read.data[at] ?? 0)));
  expect(Math.max(...apart)).toBeLessThanOrEqual(4);
  expect([...read.data.subarray(4, 8)]).toEqual([10, 10, 11, 255]);
});
