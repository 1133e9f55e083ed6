import type { ComparisonObject, NodeComparison } from '#core/rest-compare.ts';

/** A stage that both runs executed, with how much longer the second took. */
export interface Delta {
  name: string;
  baseMs: number;
  headMs: number;
  deltaMs: number;
}

/** Durations that differ, the greatest change first. */
export function listDeltas({ nodes }: Pick<ComparisonObject, 'nodes'>): Delta[] {
  return nodes
    .flatMap(({ name, base, head }): Delta[] => {
      const [baseMs, headMs] = [base?.durationMs ?? null, head?.durationMs ?? null];
      return baseMs === null || headMs === null ? [] : [{ name, baseMs, headMs, deltaMs: headMs - baseMs }];
    })
    .filter(({ deltaMs }) => deltaMs !== 0)
    .toSorted((left, right) => Math.abs(right.deltaMs) - Math.abs(left.deltaMs));
}

/** Stages of both runs whose endings differ, also where one is still open. */
export function listEndings({ nodes }: Pick<ComparisonObject, 'nodes'>): NodeComparison[] {
  return nodes.filter(({ base, head }) => base !== null && head !== null && base.ending !== head.ending);
}

/** Names of stages that stand in one of the runs alone. */
export function listUnpaired({ nodes }: Pick<ComparisonObject, 'nodes'>): { added: string[]; removed: string[] } {
  return {
    added: nodes.filter(({ base }) => base === null).map(({ name }) => name),
    removed: nodes.filter(({ head }) => head === null).map(({ name }) => name),
  };
}
