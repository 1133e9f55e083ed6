import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BREAK_WIDTH, createTimeScale, findIdle, listTicks } from './time-scale.ts';

const domain = { from: 0, to: 10_000 };

describe('the axis of a timeline', () => {
  it('shrinks idle time above 10 % of the span to a break of 48 px', () => {
    const idle = findIdle(domain, [
      { from: 0, to: 1_000 },
      { from: 500, to: 2_000 },
      { from: 9_000, to: 10_000 },
    ]);
    expect(idle).toEqual([{ from: 2_000, to: 9_000 }]);
    const scale = createTimeScale(domain, 348, idle);
    expect(scale.breaks).toEqual([{ from: 2_000, to: 9_000, x: 200, width: BREAK_WIDTH }]);
    expect([0, 1_000, 2_000, 9_000, 10_000].map(scale.toX)).toEqual([0, 100, 200, 248, 348]);
  });

  it('leaves short idle time as it is', () => {
    expect(findIdle(domain, [{ from: 0, to: 9_000 }])).toEqual([]);
    expect(findIdle(domain, [{ from: 1_000, to: 9_500 }])).toEqual([]);
  });

  it('rises, and goes there and back', () => {
    const stretches = fc.array(
      fc.tuple(fc.integer({ min: 0, max: 9_999 }), fc.integer({ min: 1, max: 3_000 })).map(([from, long]) => ({
        from,
        to: Math.min(10_000, from + long),
      })),
      { maxLength: 8 },
    );
    fc.assert(
      fc.property(stretches, fc.integer({ min: 200, max: 2_000 }), (busy, width) => {
        const scale = createTimeScale(domain, width, findIdle(domain, busy));
        let last = -1;
        for (let time = 0; time <= 10_000; time += 250) {
          const x = scale.toX(time);
          expect(x).toBeGreaterThanOrEqual(last);
          expect(x).toBeLessThanOrEqual(width + 1e-6);
          expect(scale.toTime(x)).toBeCloseTo(time, 3);
          last = x;
        }
      }),
    );
  });

  it('clamps what lies outside', () => {
    const scale = createTimeScale(domain, 100, []);
    expect([scale.toX(-5), scale.toX(99_999), scale.toTime(-5), scale.toTime(500)]).toEqual([0, 100, 0, 10_000]);
  });

  it('has round marks that do not crowd, and none inside a break', () => {
    const idle = [{ from: 2_000, to: 9_000 }];
    const scale = createTimeScale(domain, 1_048, idle);
    const ticks = listTicks(scale, 1_048, 0);
    expect(ticks.every((time) => time % 500 === 0 && !(time > 2_000 && time < 9_000))).toBe(true);
    const places = ticks.map(scale.toX);
    expect(places.every((x, index) => index === 0 || x - (places[index - 1] ?? 0) >= 67)).toBe(true);
    // What is written beside the last of them stays inside.
    expect(places.at(-1)).toBeLessThanOrEqual(1_048 - 67);
    expect(ticks.length).toBeGreaterThan(4);
  });
});
