import { expect, test } from 'vitest';
import type { StreamEvent } from '#core/rest.ts';
import { createStreamParser } from './stream-parser.ts';

const RESYNC = { event: 'resync', topic: 'run:ä' };
const BYTES = new TextEncoder().encode(
  `:\n\nid: a1\nevent: resync\ndata: {"topic":"run:ä"}\n\n:\n\nid: a2\nevent: bye\ndata: {"retryMs":200,"reason":"restart"}\n\n`,
);

function parse(chunks: readonly Uint8Array[]): StreamEvent[] {
  const events: StreamEvent[] = [];
  const take = createStreamParser((event) => events.push(event));
  for (const chunk of chunks) take(chunk);
  return events;
}

test('events are read, signs of life are not events', () => {
  expect(parse([BYTES])).toEqual([RESYNC, { event: 'bye', retryMs: 200, reason: 'restart' }]);
});

test('it does not matter where the bytes are cut, within a character too', () => {
  for (let at = 1; at < BYTES.length; at++) {
    expect(parse([BYTES.subarray(0, at), BYTES.subarray(at)])).toHaveLength(2);
  }
  expect(parse([...BYTES].map((byte) => Uint8Array.of(byte)))[0]).toEqual(RESYNC);
});

test('an event that is cut off is none', () => {
  expect(parse([BYTES.subarray(0, -1)])).toHaveLength(1);
});
