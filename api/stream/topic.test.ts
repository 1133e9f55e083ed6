import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { digestName, MAX_TOPICS, parseTopic, readCursor, writeCursor } from './topic.ts';

const RUN = '0190a000-0000-7000-8000-000000000001';

describe('topics', () => {
  test('a run and a log, with and without a position', () => {
    expect(parseTopic(`run:${RUN}@412`)).toMatchObject({ kind: 'run', runId: RUN, position: 412 });
    expect(parseTopic(`run:${RUN}`)).toMatchObject({ position: 0 });
    expect(parseTopic(`log:${RUN}/test/2@8812`)).toMatchObject({ stage: 'test', attempt: 2, position: 8812 });
    expect(parseTopic(`log:${RUN}/test/2`)).toMatchObject({ name: `log:${RUN}/test/2`, position: 1 });
  });

  test('any name of a leg is read back', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), fc.nat(), (stage, position) => {
        const topic = parseTopic(`log:${RUN}/${stage}/3@${position}`);
        expect(topic).toMatchObject({ stage, attempt: 3, position: Math.max(1, position) });
      }),
    );
  });

  test('what is no topic is refused', () => {
    for (const text of ['', 'run:', 'run:17', `log:${RUN}/test`, `log:x/test/1`, `weather:${RUN}`]) {
      expect(() => parseTopic(text)).toThrow('there is no topic');
    }
  });
});

describe('cursors', () => {
  const positions = fc.uniqueArray(fc.tuple(fc.string(), fc.nat({ max: 2 ** 40 })), {
    selector: ([name]) => digestName(name),
    maxLength: MAX_TOPICS,
  });

  test('give back every position, in at most 1 kB, as one line', () => {
    fc.assert(
      fc.property(positions, (pairs) => {
        const text = writeCursor(pairs.map(([name, position]) => ({ digest: digestName(name), position })));
        expect(text.length).toBeLessThanOrEqual(1_024);
        expect(text).toMatch(/^[\w.-]*$/);
        const read = readCursor(text);
        for (const [name, position] of pairs) expect(read.get(digestName(name))).toBe(position);
      }),
    );
  });

  test('what is unreadable in one is left out', () => {
    fc.assert(fc.property(fc.string(), (text) => void readCursor(text)));
  });
});
