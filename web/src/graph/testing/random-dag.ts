import type { LayoutInput } from '../layout/lay-out.ts';

/** A graph like those of big pipelines, reproducible: mostly short edges, some over many ranks. */
export function randomDag(size: number, seed = 1): LayoutInput {
  let state = seed;
  const draw = (below: number): number => {
    // Park and Miller: the same numbers everywhere.
    state = (state * 48_271) % 2_147_483_647;
    return state % below;
  };
  const nodes = Array.from({ length: size }, (_, index) => `stage-${index}`);
  const edges = nodes.flatMap((to, index): (readonly [string, string])[] => {
    if (index === 0) return [];
    const needs = new Set(Array.from({ length: 1 + draw(3) }, () => (draw(8) === 0 ? draw(index) : near(index))));
    return [...needs].map((need) => [`stage-${need}`, to] as const);
  });
  return { nodes, edges };

  function near(index: number): number {
    return Math.max(0, index - 1 - draw(40));
  }
}
