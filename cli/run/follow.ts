import { setTimeout as wait } from 'node:timers/promises';
import type { GateObject, RunObject, StageObject, StreamEvent } from '#core/rest.ts';
import type { Session } from '../context/session.ts';
import {
  applyGap,
  applyGate,
  applyLines,
  applyLogEnd,
  applyRun,
  applyStage,
  type Effect,
  isSettled,
  type NodeView,
  openLog,
  type View,
} from '../live/view.ts';

type StateEvent = Extract<StreamEvent, { event: 'state' }>;
/** What the topic of a run tells of. */
type RunEvent = Extract<StateEvent, { kind: 'run' | 'stage' | 'gate' }>;

/** Tries to reopen a cut stream before the command gives up. */
const TRIES = 8;
/** Between the tries; the engine needs up to 3 s to replace worker and API. */
const RETRY_MS = 250;

export interface FollowOptions {
  session: Session;
  view: View;
  signal: AbortSignal;
  onEffect: (effect: Effect) => void;
  onObject: (object: RunObject | StageObject | GateObject) => void;
  /** The stream was cut and is being reopened, or is back. */
  onCut: (isCut: boolean) => void;
  /** Logs to read; without it all. */
  isWanted?: (node: NodeView) => boolean;
}

/**
 * Follows a run until all of it has been shown: one stream for its states and one for
 * each log that is read. Every stream resumes where it was cut: states by `seq`, logs by
 * line, so nothing is lost or shown twice. Rejects when the engine cannot be revived.
 */
export async function followRun(options: FollowOptions): Promise<void> {
  const { view, session } = options;
  const reading = new Set<Promise<void>>();
  const failed = Promise.withResolvers<never>();
  failed.promise.catch(() => {});

  const handle = (effects: Effect[]) => {
    for (const effect of effects) {
      options.onEffect(effect);
      if (effect.kind === 'follow') follow(effect.node, effect.attempt);
    }
  };
  const follow = (node: NodeView, attempt: number) => {
    if (options.isWanted?.(node) === false) {
      handle(applyLogEnd(view, node, attempt));
      return;
    }
    const promise = readLogStream(options, node, attempt, handle).catch(failed.reject);
    reading.add(promise);
    void promise.finally(() => reading.delete(promise));
  };
  const readStates = async () => {
    for (let tries = 0; !options.signal.aborted;) {
      try {
        await session.api().stream([`${view.run.topic}@${view.run.seq}`], onState, options.signal);
        if (view.run.status.kind === 'ended') break;
        tries = 0;
      } catch (thrown) {
        tries += 1;
        await reopen(options, tries, thrown);
      }
    }
    // What the stream did not say (a resync, an old row) is fetched once, so that no node stays open.
    if (!isSettled(view)) await refresh();
    while (reading.size > 0 && !options.signal.aborted) await Promise.all(reading);
  };
  const refresh = async () => {
    const api = session.api();
    const run = await api.getRun(view.run.id);
    const [stages, gates] = await Promise.all([api.listStages(run.id), api.listGates(run.id)]);
    for (const stage of stages) handle(applyStage(view, stage));
    for (const gate of gates) handle(applyGate(view, gate));
    handle(applyRun(view, run));
  };
  const onState = (event: StreamEvent) => {
    switch (event.event) {
      case 'state':
        if (!isOfRun(event)) break;
        options.onObject(event.object);
        handle(applyState(view, event));
        break;
      case 'end':
        if ('status' in event.object) handle(applyRun(view, event.object));
        break;
      case 'resync':
        void refresh().catch(() => {});
        break;
      case 'hello':
      case 'bye':
      case 'log':
      case 'gap':
        break;
      default:
        event satisfies never;
    }
  };
  await Promise.race([readStates(), failed.promise]);
}

/** Objects of one topic carry the run's `seq`: the highest seen is where the stream resumes. */
function applyState(view: View, event: RunEvent): Effect[] {
  const effects = applyObject(view, event);
  if (event.seq > view.run.seq) view.run = { ...view.run, seq: event.seq };
  return effects;
}

function isOfRun(event: StateEvent): event is RunEvent {
  return event.kind === 'run' || event.kind === 'stage' || event.kind === 'gate';
}

function applyObject(view: View, event: RunEvent): Effect[] {
  switch (event.kind) {
    case 'run':
      return applyRun(view, event.object);
    case 'gate':
      return applyGate(view, event.object);
    case 'stage':
      return applyStage(view, event.object);
    default:
      return event satisfies never;
  }
}

async function readLogStream(
  options: FollowOptions,
  node: NodeView,
  attempt: number,
  handle: (effects: Effect[]) => void,
): Promise<void> {
  const { view, session, signal } = options;
  const log = openLog(node, attempt);
  const onEvent = (event: StreamEvent) => {
    if (event.event === 'log') handle(applyLines(node, attempt, event));
    else if (event.event === 'gap') handle(applyGap(node, attempt, event));
    else if (event.event === 'end') handle(applyLogEnd(view, node, attempt));
  };
  for (let tries = 0; !signal.aborted && !log.isEnded;) {
    const before = log.next;
    try {
      await session.api().stream([`log:${view.run.id}/${node.name}/${attempt}@${log.next}`], onEvent, signal);
      if (log.next > before) tries = 0;
    } catch (thrown) {
      if (log.next > before) tries = 0;
      tries += 1;
      await reopen(options, tries, thrown);
    }
  }
}

/** Before the next try of a cut stream: the engine is revived if it died. */
async function reopen(options: FollowOptions, tries: number, thrown: unknown): Promise<void> {
  if (options.signal.aborted) return;
  if (tries > TRIES || isRefusal(thrown)) throw thrown;
  options.onCut(true);
  await wait(Math.min(2_000, RETRY_MS * tries), undefined, { signal: options.signal }).catch(() => {});
  if (options.signal.aborted) return;
  await options.session.revive();
  options.onCut(false);
}

/** An answer of the API, not a cut connection: trying again gives the same. */
function isRefusal(thrown: unknown): boolean {
  if (typeof thrown !== 'object' || thrown === null || !('problem' in thrown)) return false;
  const problem = thrown.problem;
  return typeof problem === 'object' && problem !== null && 'status' in problem && Number(problem.status) < 500;
}
