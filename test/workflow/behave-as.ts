import type { Harness } from './harness.ts';
import type { RandomGraph } from './random-graphs.ts';

const GROWN = { key: 'plans/grown.json', digest: 'grown', bytes: 0 };

/**
 * Lets the stages of a graph end and grow as it says. Answers the graph with the endings they then have, and which of
 * its nodes are matrices to be made late: those are expanded, not begun.
 */
export function behaveAs(harness: Harness, random: RandomGraph): { graph: RandomGraph; late: ReadonlySet<string> } {
  const { growths = {} } = random;
  const all = [...random.nodes, ...Object.values(growths).flat()];
  const late = new Set(all.filter((node) => node.lateMatrix).map((node) => node.name));
  // A matrix that cannot be made is failed, whatever the graph wants of it.
  const endings: RandomGraph['endings'] = { ...random.endings };
  for (const name of late) if (endings[name] !== undefined && endings[name] !== 'passed') endings[name] = 'failed';
  for (const { name } of all) {
    const ending = endings[name] ?? 'passed';
    const nodes = ending === 'passed' ? growths[name] : undefined;
    const growth = nodes && { plan: GROWN, nodes, groups: {} };
    const reason = { code: 'legs-refused', message: '' };
    harness.behave(name, () => ({ ending, ...(growth ? { growth } : {}) }));
    harness.expand(name, () => (growth ? { kind: 'grown', growth } : { kind: 'refused', reason }));
  }
  return { graph: { ...random, endings }, late };
}
