import type { ComparisonObject, NodeComparison, NodeOutcome } from '#core/rest-compare.ts';

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

/** Stages whose image was another one, known in both runs, and `STAGE, service NAME` likewise. */
export function listImages({ nodes }: Pick<ComparisonObject, 'nodes'>): { name: string; base: string; head: string }[] {
  return nodes.flatMap(({ name, base, head }) => {
    const after = nameImages(name, head);
    return [...nameImages(name, base)].flatMap(([what, image]) => {
      const next = after.get(what);
      return next !== undefined && next !== image ? { name: what, base: image, head: next } : [];
    });
  });
}

function nameImages(stage: string, outcome: NodeOutcome | null): Map<string, string> {
  const own: [string, string][] = outcome?.image ? [[stage, outcome.image]] : [];
  const beside = Object.entries(outcome?.serviceImages ?? {});
  return new Map([...own, ...beside.map(([name, image]): [string, string] => [`${stage}, service ${name}`, image])]);
}

type Found = NodeOutcome['caches'][number]['found'];

/** A cache of a stage that found something else than before; null where the stage has it not. */
export interface CacheChange {
  stage: string;
  name: string;
  base: Found | null;
  head: Found | null;
}

export function listCaches({ nodes }: Pick<ComparisonObject, 'nodes'>): CacheChange[] {
  return nodes.flatMap(({ name: stage, base, head }) => {
    const [before, after] = [base, head].map(
      (outcome) => new Map(outcome?.caches.map(({ name, found }) => [name, found])),
    );
    const names = [...new Set([...(before?.keys() ?? []), ...(after?.keys() ?? [])])];
    return names
      .map((name): CacheChange => ({ stage, name, base: before?.get(name) ?? null, head: after?.get(name) ?? null }))
      .filter((change) => change.base !== change.head);
  });
}

/** How many caches found their very key. */
export function countHits({ nodes }: Pick<ComparisonObject, 'nodes'>) {
  const countOf = (side: 'base' | 'head') => {
    const caches = nodes.flatMap((node) => node[side]?.caches ?? []);
    return { hits: caches.filter(({ found }) => found === 'key').length, of: caches.length };
  };
  return { base: countOf('base'), head: countOf('head') };
}
