import type { ArtifactReference, AttemptResult, Reason } from '#core/attempt.ts';
import type { RunChange } from '#core/change.ts';
import type { ContinuedRun } from '#core/continued-run.ts';
import { isFailure, type Ending } from '#core/ending.ts';
import { lookUp } from '#core/late-value.ts';
import type { GateState, NodeResult, RecordBatch, RunInput, RunState, Status } from '#core/run.ts';
import type { Graph } from './graph.ts';
import type { Situation, Stop } from './judge.ts';

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
  /** Nodes came into the graph; their rows are there. */
  grow(names: readonly string[]): void;
  /** Notes the end of a node whose needs may still be open: who waits for it waits for those, too. */
  endEarly(name: string, result: NodeResult, at: string): readonly string[];
  /** Takes back the ends of these nodes. What else is behind the first of them stands, but is unsettled until it ends. */
  reopen(names: readonly string[], behind: Iterable<string>): void;
  addAttempt(name: string, result: AttemptResult): void;
  /** Oldest first. */
  attemptsOf(name: string): readonly AttemptResult[];
  addChange(change: RunChange): void;
  setRun(status: Status, recorded?: 'recorded'): void;
  readonly run: Status;
  /** Takes over what an earlier execution knew, all of it on record. */
  restore(continued: ContinuedRun, at: string): void;
  /** What the read model has to learn, or null: of many nodes those that changed first. Empties the list. */
  takeBatch(at: string): RecordBatch | null;
  toState(): RunState;
}

/** Nodes a batch tells of; a run of the first releases had no more. */
const MAX_BATCH_NODES = 2_000;

export function openBook(input: RunInput, graph: Graph, startedAt: string): Book {
  const statuses = new Map<string, Status>(
    graph.names.map((name) => [name, { kind: 'waiting', reason: waitingReason(graph, name) }]),
  );
  const results = new Map<string, NodeResult>();
  const gates = new Map<string, GateState>();
  const attempts = new Map<string, AttemptResult[]>();
  const tainted = new Set<string>();
  const unsettled = new Set<string>();
  let isReopened = false;
  const unrecorded = { nodes: new Set<string>(), gates: new Set<string>(), changes: [] as RunChange[], run: false };
  let run: Status = { kind: 'queued', since: startedAt };
  let version = 0;

  const endedStatus = ({ ending, reason }: NodeResult, at: string): Status => ({ kind: 'ended', ending, reason, at });
  const isOpen = (name: string) => !results.has(name) || unsettled.has(name);
  /** The end of a node stands with all that is before it. Answers who is to be judged now. */
  const settle = (name: string): string[] => {
    const before = graph.waits.get(name) ?? [];
    if (before.some(isOpen)) return [];
    unsettled.delete(name);
    const ending = results.get(name)?.ending;
    if ((ending && isFailure(ending)) || before.some((other) => tainted.has(other))) tainted.add(name);
    else tainted.delete(name);
    const waiters = graph.waiters.get(name) ?? [];
    return [...waiters, ...waiters.filter((waiter) => unsettled.has(waiter)).flatMap(settle)];
  };

  const book: Book = {
    statuses,
    results,
    gates,
    stop: null,
    get situation() {
      return { results, tainted, unsettled, stop: book.stop };
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
      const before = graph.waits.get(name) ?? [];
      if (isFailure(result.ending) || before.some((other) => tainted.has(other))) tainted.add(name);
      book.setStatus(name, endedStatus(result, at), recorded);
      if (isReopened && before.some(isOpen)) unsettled.add(name);
      const waiters = graph.waiters.get(name) ?? [];
      return unsettled.size === 0
        ? waiters
        : [...waiters, ...waiters.filter((other) => unsettled.has(other)).flatMap(settle)];
    },
    grow(names) {
      for (const name of names) {
        book.setStatus(name, { kind: 'waiting', reason: waitingReason(graph, name) }, 'recorded');
      }
    },
    endEarly(name, result, at) {
      results.set(name, result);
      unsettled.add(name);
      book.setStatus(name, endedStatus(result, at));
      return settle(name);
    },
    reopen(names, behind) {
      isReopened = true;
      for (const name of names) {
        results.delete(name);
        tainted.delete(name);
        unsettled.delete(name);
        book.setStatus(name, { kind: 'waiting', reason: waitingReason(graph, name) });
      }
      for (const name of behind) if (results.has(name)) unsettled.add(name);
    },
    addAttempt(name, result) {
      attempts.set(name, [...(attempts.get(name) ?? []), result]);
    },
    attemptsOf: (name) => attempts.get(name) ?? [],
    addChange(change) {
      unrecorded.changes.push(change);
    },
    setRun(status, recorded) {
      run = status;
      unrecorded.run = recorded === undefined;
    },
    get run() {
      return run;
    },
    restore(continued, at) {
      for (const [name, place] of continued.ended) {
        const result = continued.results[place];
        if (!result) throw new Error(`${name} has ended and has no result`);
        results.set(name, result);
        statuses.set(name, endedStatus(result, at));
      }
      for (const name of continued.tainted) tainted.add(name);
      for (const [name, list] of Object.entries(continued.attempts)) attempts.set(name, list);
      run = continued.status;
      version = continued.version;
    },
    takeBatch(at) {
      const { changes } = unrecorded;
      const names = [...unrecorded.nodes].slice(0, MAX_BATCH_NODES);
      // The end of the run closes what it knows nothing of: it comes after all nodes.
      const isWhole = names.length === unrecorded.nodes.size;
      const isEmpty = unrecorded.nodes.size === 0 && unrecorded.gates.size === 0 && changes.length === 0;
      if (isEmpty && !unrecorded.run) return null;
      const batch: RecordBatch = {
        runId: input.runId,
        version: ++version,
        at,
        run: unrecorded.run && isWhole ? run : null,
        nodes: names.map((name) => ({
          name,
          status: statuses.get(name) ?? { kind: 'queued', since: at },
          result: results.get(name) ?? null,
        })),
        gates: [...unrecorded.gates].flatMap((name) => gates.get(name) ?? []),
        ...(changes.length > 0 ? { changes } : {}),
      };
      if (isWhole) unrecorded.run = false;
      unrecorded.changes = [];
      for (const name of names) unrecorded.nodes.delete(name);
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
