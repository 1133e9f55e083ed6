import fc from 'fast-check';
import type { Ending } from '#core/ending.ts';
import type { OutlineStage } from '#core/outline.ts';
import { EDGE_KINDS, RUN_ON } from '#core/plan.ts';
import { stage } from './outlines.ts';

/** A graph in which every stage needs only earlier ones, and how each stage ends if it runs. */
export interface RandomGraph {
  nodes: OutlineStage[];
  endings: Record<string, Extract<Ending, 'passed' | 'failed' | 'errored' | 'timed-out'>>;
  /** What a stage adds to the run when it passes. */
  growths?: Record<string, OutlineStage[]>;
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

const LATE = { axes: [{ name: 'a', from: 'stages.s0.outputs.list' }], exclude: [], include: [] };

/**
 * A graph of which some stages add others when they pass: generators, whose stages need what was there before or each
 * other, and matrices, whose legs need what the matrix needs. What is added may add more.
 */
export function growingGraph(maxNodes: number): fc.Arbitrary<RandomGraph> {
  const seedOfGrowth = fc.record({
    grower: fc.nat(maxNodes - 1),
    kind: fc.constantFrom('generator' as const, 'matrix' as const),
    added: fc.array(
      fc.record({
        needs: fc.array(fc.record({ to: fc.nat(maxNodes), on: fc.constantFrom(...EDGE_KINDS) }), { maxLength: 2 }),
        runOn: fc.constantFrom(...RUN_ON, 'success' as const, 'success' as const),
        ending: fc.constantFrom('passed' as const, 'passed' as const, 'failed' as const),
      }),
      { minLength: 1, maxLength: 4 },
    ),
  });
  return fc.tuple(randomGraph(maxNodes), fc.array(seedOfGrowth, { maxLength: 4 })).map(([random, seeds]) => {
    const nodes = [...random.nodes];
    const endings = { ...random.endings };
    const growths: Record<string, OutlineStage[]> = {};
    for (const [at, seed] of seeds.entries()) {
      const all = [...nodes, ...Object.values(growths).flat()];
      const grower = all[seed.grower % all.length];
      if (!grower || growths[grower.name] || grower.lateMatrix) continue;
      if (seed.kind === 'matrix') {
        const late = { ...grower, lateMatrix: LATE };
        replace(nodes, late);
        for (const list of Object.values(growths)) replace(list, late);
      }
      // Whoever needs a generator waits for what it adds: nothing that is added may need them.
      const chain = listGrowers(all, grower);
      const root = nodes.findIndex((node) => node.name === chain.at(-1)?.name);
      const before = [...nodes.slice(0, root), ...chain];
      const added: OutlineStage[] = [];
      for (const [index, one] of seed.added.entries()) {
        const name = `${grower.name}-${at}-${index}`;
        const targets = new Map(one.needs.map(({ to, on }) => [pick([...before, ...added], to)?.name ?? '', on]));
        const needs = [...targets].filter(([to]) => to !== '').map(([to, on]) => ({ to, on }));
        const own = {
          needs: needs.length > 0 ? needs : [{ to: grower.name, on: 'success' as const }],
          runOn: one.runOn,
        };
        const leg = { needs: grower.needs, runOn: grower.runOn, ifAllSkipped: grower.ifAllSkipped };
        added.push(stage(name, { ...(seed.kind === 'matrix' ? leg : own), generatedBy: grower.name }));
        endings[name] = one.ending;
      }
      growths[grower.name] = added;
    }
    return { nodes, endings, growths };
  });
}

/** A node, the one that added it, and so on. */
function listGrowers(all: readonly OutlineStage[], node: OutlineStage): OutlineStage[] {
  const by = all.find((other) => other.name === node.generatedBy);
  return by ? [node, ...listGrowers(all, by)] : [node];
}

function replace(nodes: OutlineStage[], node: OutlineStage): void {
  const index = nodes.findIndex((other) => other.name === node.name);
  if (index !== -1) nodes[index] = node;
}

function pick(nodes: readonly OutlineStage[], index: number): OutlineStage | undefined {
  return nodes[index % nodes.length];
}
