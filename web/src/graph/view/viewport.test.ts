import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fitGraph, holds, MAX_ZOOM, MIN_ZOOM, openGraph, reveal, seeArea, widen, zoomAt } from './viewport.ts';

const window = { width: 1_000, height: 600 };

describe('the window over a graph', () => {
  it('zooms so that what is under the pointer stays there, between 25 and 200 %', () => {
    const number = fc.integer({ min: -2_000, max: 2_000 });
    fc.assert(
      fc.property(number, number, fc.double({ min: 0.05, max: 20, noNaN: true }), (x, y, factor) => {
        const before = { x: 10, y: 20, zoom: 1 };
        const after = zoomAt(before, { x, y }, factor);
        expect(after.zoom).toBeGreaterThanOrEqual(MIN_ZOOM);
        expect(after.zoom).toBeLessThanOrEqual(MAX_ZOOM);
        expect((x - after.x) / after.zoom).toBeCloseTo((x - before.x) / before.zoom, 6);
        expect((y - after.y) / after.zoom).toBeCloseTo((y - before.y) / before.zoom, 6);
      }),
    );
  });

  it('fits a graph whole, as far as it may shrink, and never enlarges it', () => {
    expect(fitGraph({ width: 180, height: 44 }, window)).toEqual({ x: 410, y: 278, zoom: 1 });
    expect(fitGraph({ width: 1_904, height: 100 }, window).zoom).toBe(0.5);
    expect(fitGraph({ width: 90_000, height: 100 }, window)).toMatchObject({ x: 24, zoom: MIN_ZOOM });
  });

  it('first shows the node that matters most of a graph too large to be read whole', () => {
    const small = { width: 500, height: 300 };
    expect(openGraph(small, window, { x: 0, y: 0 })).toEqual(fitGraph(small, window));
    const view = openGraph({ width: 20_000, height: 9_000 }, window, { x: 8_000, y: 4_000 });
    expect(view).toEqual({ zoom: 0.75, x: 333 - 6_000, y: 300 - 3_000 });
  });

  it('sees what lies in it, and more when widened', () => {
    const seen = seeArea({ x: -100, y: 0, zoom: 0.5 }, window);
    expect(seen).toEqual({ left: 200, top: -0, right: 2_200, bottom: 1_200 });
    expect(holds(widen(seen), seen)).toBe(true);
    expect(holds(seen, widen(seen))).toBe(false);
  });

  it('moves as little as brings a node into sight, and not at all for one that is', () => {
    const view = { x: 0, y: 0, zoom: 1 };
    const node = (left: number, top: number) => ({ left, top, right: left + 180, bottom: top + 44 });
    expect(reveal(view, node(100, 100), window)).toEqual(view);
    expect(reveal(view, node(1_500, 100), window)).toEqual({ x: 1_000 - 24 - 1_680, y: 0, zoom: 1 });
    expect(reveal(view, node(-500, -50), window)).toEqual({ x: 524, y: 74, zoom: 1 });
  });
});
