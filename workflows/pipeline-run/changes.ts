import { type AskedChange, MAX_EXTENSION_MS, targetOf } from '#core/change.ts';
import { isFailure } from '#core/ending.ts';
import type { OutlineStage } from '#core/outline.ts';
import type { Status } from '#core/run.ts';
import type { Book } from './book.ts';
import type { Graph } from './graph.ts';
import type { Conductor } from './parts.ts';
import type { Recorder } from './recorder.ts';
import { refuse, refuseEnded } from './refusals.ts';
import { findBehind, findReopened } from './reopen.ts';

/** What people change while the run is open. */
export interface Changes {
  /** Throws the refusal, without a trace in the history. Synchronous, as update validators are. */
  validate(change: AskedChange): void;
  /** Does it; answers the run's status once it is on record. */
  apply(change: AskedChange): Promise<Status>;
}

interface Parts {
  graph: Graph;
  book: Book;
  conductor: Conductor;
  recorder: Recorder;
  /** Time given so far, ms, by stage; empty name for the run. */
  extended: Map<string, number>;
  /** Ids of what was done: Temporal knows those of this execution alone. */
  applied: Set<string>;
}

export function openChanges({ graph, book, conductor, recorder, extended, applied }: Parts): Changes {
  function requireStage(name: string): OutlineStage {
    const node = graph.nodes.get(name);
    if (!node) throw refuse('stage-unknown', `the run has no stage ${name}`);
    if (node.kind === 'gate') throw refuse('stage-is-gate', `${name} is a gate: decide on it`);
    return node;
  }

  function refuseEndedStage(name: string) {
    const result = book.results.get(name);
    if (result) throw refuse('stage-ended', `${name} has ended: ${result.ending}`);
  }

  function validateExtension(name: string, limitMs: number | null, ms: number) {
    if (limitMs === null) throw refuse('timeout-missing', `${name || 'the run'} has no time limit`);
    if ((extended.get(name) ?? 0) + ms <= MAX_EXTENSION_MS) return;
    throw refuse('extension-too-long', `${name || 'the run'} may be given ${MAX_EXTENSION_MS} ms in all`);
  }

  function validateRetry(name: string) {
    const result = book.results.get(name);
    const hasFailed = result && (isFailure(result.ending) || result.ending === 'cancelled') && result.attempts > 0;
    if (!hasFailed || result.carriedFrom !== null) {
      throw refuse('stage-not-failed', `${name} has no failed attempt: ${result?.ending ?? 'it has not ended'}`);
    }
    const hasBegun = (other: string) => conductor.isActive(other) || (book.results.get(other)?.attempts ?? 0) > 0;
    const last = [...graph.nodes.values()].find(
      (node) => node.needs.length === 0 && node.runOn !== 'success' && hasBegun(node.name),
    );
    if (!last && !conductor.hasFinallyBegun()) return;
    throw refuse('finally-begun', `the run is at its last stages${last ? `: ${last.name} has begun` : ''}`);
  }

  return {
    validate(change) {
      if (applied.has(change.id)) return;
      const status = conductor.status();
      refuseEnded(status);
      if (book.stop !== null) throw refuse('run-cancelling', 'the run is being stopped');
      switch (change.kind) {
        case 'pause':
          if (status.kind === 'paused') throw refuse('run-paused', 'the run is paused already');
          return;
        case 'resume':
          if (status.kind !== 'paused') throw refuse('run-not-paused', 'the run is not paused');
          return;
        case 'extend': {
          const stage = change.stage === null ? null : requireStage(change.stage);
          if (stage) refuseEndedStage(stage.name);
          const limitMs = stage ? stage.timeoutMs : conductor.clock.hasLimit ? 0 : null;
          return validateExtension(targetOf(change), limitMs, change.ms);
        }
        case 'skip': {
          const { name } = requireStage(change.stage);
          refuseEndedStage(name);
          if (book.statuses.get(name)?.kind !== 'running' && book.attemptsOf(name).length === 0) return;
          throw refuse('stage-begun', `${name} has begun`);
        }
        case 'retry':
          return validateRetry(requireStage(change.stage).name);
        default:
          return change satisfies never;
      }
    },
    async apply(change) {
      if (applied.has(change.id)) return conductor.status();
      applied.add(change.id);
      switch (change.kind) {
        case 'pause':
          conductor.setPaused(describePause(change));
          break;
        case 'resume':
          conductor.setPaused(null);
          break;
        case 'extend':
          extended.set(targetOf(change), (extended.get(targetOf(change)) ?? 0) + change.ms);
          // Of a stage the attempt itself finds it on record when its limit comes.
          if (change.stage === null) conductor.clock.extend(change.ms);
          break;
        case 'skip':
          conductor.skip(change.stage, {
            code: 'skipped-by-person',
            message: `skipped by ${change.by}${change.reason ? `: ${change.reason}` : ''}`,
            values: { by: change.by },
          });
          break;
        case 'retry': {
          const reopened = findReopened(graph, book.results, change.stage);
          conductor.retry(change.stage, reopened, findBehind(graph, [change.stage, ...reopened]));
          break;
        }
        default:
          change satisfies never;
      }
      book.addChange(change);
      recorder.poke();
      await recorder.drain();
      return conductor.status();
    },
  };
}

function describePause(change: Extract<AskedChange, { kind: 'pause' }>) {
  const message = `paused by ${change.by}${change.reason ? `: ${change.reason}` : ''}`;
  return { code: 'paused', message, values: { by: change.by } };
}
