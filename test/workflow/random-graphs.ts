import fc from 'fast-check';
import type { Ending } from '#core/ending.ts';
import type { OutlineStage } from '#core/outline.ts';
import { EDGE_KINDS, RUN_ON } from '#core/plan.ts';
import { stage } from './outlines.ts';

/** A graph in which every stage needs only earlier ones, and how each stage ends if it runs. */
export interface RandomGraph {
  nodes: OutlineStage[];
  endings: Record<string, Extract<Ending, 'passed' | 'failed' | 'errored' | 'timed-out'>>;
}

export function randomGraph(maxNodes: number): fc.Arbitrary<RandomGraph> {
  const seedOfNode = fc.record({
    needs: fc.array(fc.record({ back: fc.integer({ min: 1, max: 6 }), on: fc.constantFrom(...EDGE_KINDS) }), {
      maxLength: 3,
    }),
    runOn: fc.constantFrom(...RUN_ON, 'success' as const, 'success' as const),
    isWhenFalse: fc.integer({ min: 0, max: 9 }).map((value) => value === 0),
    ending: fc.constantFrom('passed', 'passed', 'passed', 'failed', 'errored', 'timed-out'),
    ifAllSkipped: fc.constantFrom('skip', 'run'),
  });
  return fc.array(seedOfNode, { minLength: 1, maxLength: maxNodes }).map((seeds) => {
    const nodes = seeds.map((seed, index) => {
      const targets = new Map(seed.needs.map(({ back, on }) => [index - back, on]));
      return stage(`s${index}`, {
        needs: [...targets].filter(([to]) => to >= 0).map(([to, on]) => ({ to: `s${to}`, on })),
        runOn: seed.runOn,
        ifAllSkipped: seed.ifAllSkipped === 'run' ? 'run' : 'skip',
        when: seed.isWhenFalse ? { kind: 'decided', value: false, expression: 'false', values: {} } : null,
      });
    });
    const endings = Object.fromEntries(seeds.map((seed, index) => [`s${index}`, seed.ending as 'passed']));
    return { nodes, endings };
  });
}
