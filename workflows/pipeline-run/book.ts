import type { ArtifactReference, AttemptResult, Reason } from '#core/attempt.ts';
import { isFailure, type Ending } from '#core/ending.ts';
import type { GateState, NodeResult, RecordBatch, RunInput, RunState, Status } from '#core/run.ts';
import type { Graph } from './graph.ts';
import { lookUp, type Situation, type Stop } from './judge.ts';

/**
 * What is known of the run, and what of it is not yet in the read model. All changes go
 * through here; time comes from the caller (workflow time).
 */
export interface Book {
  readonly statuses: ReadonlyMap<string, Status>;
  readonly results: ReadonlyMap<string, NodeResult>;
  readonly gates: ReadonlyMap<string, GateState>;
  readonly situation: Situation;
  stop: Stop | null;
  /** Next version: rows are written only by a newer one. */
  nextVersion(): number;
  setStatus(name: string, status: Status, recorded?: 'recorded'): void;
  setGate(state: GateState): void;
  /** Notes the end of a node; tells who waited for it. */
  end(name: string, result: NodeResult, at: string, recorded?: 'recorded'): readonly string[];
  addAttempt(name: string, result: AttemptResult): void;
  setRun(status: Status): void;
  /** What the read model has to learn, or null. Empties the list. */
  takeBatch(at: string): RecordBatch | null;
  toState(): RunState;
}

export function openBook(input: RunInput, graph: Graph, startedAt: string): Book {
  const statuses = new Map<string, Status>(
    graph.names.map((name) => [name, { kind: 'waiting', reason: waitingReason(graph, name) }]),
  );
  const results = new Map<string, NodeResult>();
  const gates = new Map<string, GateState>();
  const attempts = new Map<string, AttemptResult[]>();
  const tainted = new Set<string>();
  const unrecorded = { nodes: new Set<string>(), gates: new Set<string>(), run: false };
  let run: Status = { kind: 'queued', since: startedAt };
  let version = 0;

  const book: Book = {
    statuses,
    results,
    gates,
    stop: null,
    get situation() {
      return { results, tainted, stop: book.stop };
    },
    nextVersion: () => ++version,
    setStatus(name, status, recorded) {
      statuses.set(name, status);
      // What an activity records is newer than what has not gone out yet: a late batch must not overtake it.
      if (recorded) unrecorded.nodes.delete(name);
      else unrecorded.nodes.add(name);
    },
    setGate(state) {
      gates.set(state.name, state);
      unrecorded.gates.add(state.name);
    },
    end(name, result, at, recorded) {
      results.set(name, result);
      const isBehindFailure = (graph.waits.get(name) ?? []).some((before) => tainted.has(before));
      if (isFailure(result.ending) || isBehindFailure) tainted.add(name);
      book.setStatus(name, { kind: 'ended', ending: result.ending, reason: result.reason, at }, recorded);
      return graph.waiters.get(name) ?? [];
    },
    addAttempt(name, result) {
      attempts.set(name, [...(attempts.get(name) ?? []), result]);
    },
    setRun(status) {
      run = status;
      unrecorded.run = true;
    },
    takeBatch(at) {
      if (!unrecorded.run && unrecorded.nodes.size === 0 && unrecorded.gates.size === 0) return null;
      const batch: RecordBatch = {
        runId: input.runId,
        version: ++version,
        at,
        run: unrecorded.run ? run : null,
        nodes: [...unrecorded.nodes].map((name) => ({
          name,
          status: statuses.get(name) ?? { kind: 'queued', since: at },
          result: results.get(name) ?? null,
        })),
        gates: [...unrecorded.gates].flatMap((name) => gates.get(name) ?? []),
      };
      unrecorded.run = false;
      unrecorded.nodes.clear();
      unrecorded.gates.clear();
      return batch;
    },
    toState: () => ({
      runId: input.runId,
      status: run,
      nodes: graph.names.map((name) => ({
        name,
        status: statuses.get(name) ?? { kind: 'queued', since: startedAt },
        attempts: attempts.get(name) ?? [],
      })),
      gates: [...gates.values()],
      version,
    }),
  };
  return book;
}

function waitingReason(graph: Graph, name: string): Reason {
  const waits = graph.waits.get(name) ?? [];
  return waits.length === 0
    ? { code: 'starting', message: 'about to start' }
    : { code: 'needs', message: `waits for ${waits.slice(0, 5).join(', ')}${waits.length > 5 ? ', …' : ''}` };
}

/** A result of a node for which no attempt ran. */
export function resultWithout(ending: Ending, reason: Reason | null): NodeResult {
  return { ending, reason, outputs: {}, artifacts: [], attempts: 0, carriedFrom: null };
}

/** Values of the late paths a node may read, as far as there are any. */
export function collectValues(paths: readonly string[], results: ReadonlyMap<string, NodeResult>) {
  const values: Record<string, string> = {};
  for (const path of paths) {
    const value = lookUp(path, results);
    if (value !== undefined) values[path] = value;
  }
  return values;
}

/** Artifacts that the named stages left. */
export function collectArtifacts(stages: readonly string[], results: ReadonlyMap<string, NodeResult>) {
  return stages.flatMap((stage): ArtifactReference[] => results.get(stage)?.artifacts ?? []);
}
