import type { ContinuedRun } from '#core/continued-run.ts';
import { isFailure } from '#core/ending.ts';
import { type Outline, type OutlineNode } from '#core/outline.ts';
import { createPool, packOutline } from '#core/packed-outline.ts';
import type { NodeResult, RunInput } from '#core/run.ts';
import type { Book } from './book.ts';
import type { Graph } from './graph.ts';

/** One payload has room for it and for what the client adds (Temporal: 2 MiB). */
const MAX_BYTES = 1_500_000;

/** What the parts of a run hand over beside its graph and its book. */
export type Handover = Pick<
  ContinuedRun,
  'queued' | 'leftMs' | 'extended' | 'applied' | 'hosts' | 'turns' | 'childAttempts'
>;

/**
 * The input of the next execution, with all that is known of the run by now. Null when it would be too large: outputs
 * that stages still read may be 64 KiB each; then the run stays in its execution.
 */
export function describeNext(
  input: RunInput,
  outline: Outline,
  graph: Graph,
  book: Book,
  over: Handover,
): RunInput | null {
  const nodes = [...graph.nodes.values()];
  const next: RunInput = {
    ...input,
    outline: packOutline({ ...outline, nodes, groups: graph.groups }),
    carried: {},
    continued: {
      ...over,
      ...packResults(nodes, book),
      status: book.run,
      version: book.nextVersion(),
      tainted: [...book.situation.tainted],
      attempts: Object.fromEntries(
        graph.names
          .filter((name) => !isDone(book.results.get(name)))
          .flatMap((name) => {
            const attempts = book.attemptsOf(name);
            return attempts.length === 0 ? [] : [[name, [...attempts]]];
          }),
      ),
      plans: listPlans(graph),
    },
  };
  return new TextEncoder().encode(JSON.stringify(next)).byteLength > MAX_BYTES ? null : next;
}

/**
 * Whether nobody can begin it once more: it has passed, as a gate and a matrix that was expanded do without an attempt,
 * or has been begun and has not failed.
 */
function isDone(result: NodeResult | undefined): boolean {
  if (result === undefined || isFailure(result.ending) || result.ending === 'cancelled') return false;
  return result.ending === 'passed' || result.attempts > 0;
}

/** Results with as much of what they left as somebody may still ask for. */
function packResults(nodes: readonly OutlineNode[], book: Book): Pick<ContinuedRun, 'ended' | 'results'> {
  const open = nodes.filter((node) => !isDone(book.results.get(node.name)));
  // What they will add to the run may read whatever there is.
  const grows = open.some((node) => node.kind === 'stage' && (node.lateMatrix !== undefined || node.generates));
  const read = new Set(open.flatMap(listReads));
  const fed = new Set(open.flatMap((node) => (node.kind === 'stage' ? node.artifactsFrom : [])));
  const pool = createPool<NodeResult>();
  const ended = [...book.results].map(([name, result]): [string, number] => {
    const outputs = Object.entries(result.outputs).filter(
      ([key]) => grows || read.has(`stages.${name}.outputs.${key}`),
    );
    const artifacts = grows || fed.has(name) ? result.artifacts : [];
    return [name, pool.add({ ...result, outputs: Object.fromEntries(outputs), artifacts })];
  });
  return { ended, results: pool.values };
}

function listReads(node: OutlineNode): string[] {
  const inputs = node.kind === 'stage' ? node.inputs : [];
  return [...node.reads, ...inputs, ...(node.when?.kind === 'late' ? node.when.reads : [])];
}

function listPlans(graph: Graph): ContinuedRun['plans'] {
  const plans = new Map<string, ContinuedRun['plans'][number]>();
  for (const [name, plan] of graph.plans) {
    const known = plans.get(plan.key);
    if (known) known[1].push(name);
    else plans.set(plan.key, [plan, [name]]);
  }
  return [...plans.values()];
}
