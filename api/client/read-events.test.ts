import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readEvents } from './read-events.ts';

const stream = [
  'id: a\nevent: hello\ndata: {"serverTime":"t","version":"1","topics":["run:1"]}\n\n',
  ':\n\n',
  'id: b\nevent: log\ndata: {"topic":"log:1/x/1","from":1,"byte":0,"lines":[{"t":0,"text":"grün 🚀"}]}\n\n',
  'id: c\nevent: bye\ndata: {"retryMs":0,"reason":"ended"}\n\n',
].join('');

describe('events of a stream', () => {
  test('are the same however the bytes are cut', async () => {
    const bytes = Buffer.from(stream);
    const cuts = fc.array(fc.integer({ min: 0, max: bytes.byteLength }), { maxLength: 20 });
    await fc.assert(
      fc.asyncProperty(cuts, async (places) => {
        const ends = [...places, bytes.byteLength].toSorted((a, b) => a - b);
        const pieces = ends.map((end, index) => bytes.subarray(ends[index - 1] ?? 0, end));
        const received = await Array.fromAsync(readEvents(deliver(pieces)));
        expect(received.map(({ cursor, event }) => [cursor, event.event])).toEqual([
          ['a', 'hello'],
          ['b', 'log'],
          ['c', 'bye'],
        ]);
        expect(received[1]?.event).toMatchObject({ lines: [{ text: 'grün 🚀' }] });
      }),
    );
  });

  test('a frame that is cut off at the end is not taken for one', async () => {
    expect(await Array.fromAsync(readEvents(deliver([Buffer.from(stream.slice(0, -3))])))).toHaveLength(2);
  });
});

async function* deliver(pieces: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
  for (const piece of pieces) yield await Promise.resolve(piece);
}
