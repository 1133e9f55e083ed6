import { worstEnding } from '#core/ending.ts';
import type { StageObject } from '#core/rest.ts';
import type { Status } from '#core/run.ts';
import { nameEnding } from '../live/words.ts';
import { type Look, lookOf } from '../terminal/glyph.ts';
import type { GraphNode } from './shape.ts';

/** How a node of a run stands: in words, and as its worst leg looks. */
export interface NodeState {
  text: string;
  look: Look;
}

/** The state of each node by its name; of a matrix with how many legs are in which. */
export function readStates(nodes: readonly GraphNode[], stages: readonly StageObject[]): Map<string, NodeState> {
  const statuses = new Map(stages.map((stage) => [stage.name, stage.status]));
  const states = new Map<string, NodeState>();
  for (const node of nodes) {
    const own = node.legs.flatMap((leg) => statuses.get(leg) ?? []);
    const shown = pickWorst(own);
    if (!shown) continue;
    const counts = new Map<string, number>();
    for (const status of own) counts.set(wordOf(status), (counts.get(wordOf(status)) ?? 0) + 1);
    const text = [...counts].map(([word, count]) => (own.length === 1 ? word : `${count} ${word}`)).join(', ');
    states.set(node.name, { text, look: lookOf(shown) });
  }
  return states;
}

function wordOf(status: Status): string {
  return status.kind === 'ended' ? nameEnding(status.ending) : status.kind;
}

/** What is open comes first, then the ending that a run of these alone would have. */
function pickWorst(statuses: readonly Status[]): Status | undefined {
  const open = statuses.find(({ kind }) => kind !== 'ended');
  if (open) return open;
  const endings = statuses.flatMap((status) => (status.kind === 'ended' ? [status.ending] : []));
  const worst = worstEnding(endings, null);
  return statuses.find((status) => status.kind === 'ended' && status.ending === worst) ?? statuses[0];
}
