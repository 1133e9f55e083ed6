import { IMAGE_PULL } from '#core/image-pull.ts';
import type { GateObject, RunObject, StageObject } from '#core/rest.ts';

/** Lines of a stage kept for the excerpt of a failure (UI §8: its last 40). */
const KEPT_LINES = 40;

/** Reasons of a queued stage that are about to be over. */
const PASSING = ['place-held', 'runner-found'];

/** The log of one attempt as far as it has arrived. */
export interface LogView {
  /** Number of the next whole line, from 1: where a cut stream resumes. */
  next: number;
  /** An unfinished last line. */
  partial: string | null;
  tail: { n: number; text: string }[];
  isEnded: boolean;
}

/** A stage, leg or gate of the run. */
export interface NodeView {
  name: string;
  position: number;
  kind: 'stage' | 'gate';
  needs: string[];
  /** Titles of its `run` steps; empty when the plan is not at hand. */
  steps: string[];
  /** Null until the stream has said something of it. */
  object: StageObject | null;
  /** Of a gate, or of a stage with one before it. */
  gate: GateObject | null;
  logs: Map<number, LogView>;
  /** Attempt whose log is being read, 0 before the first. */
  followed: number;
  isFinished: boolean;
}

/** All that is known of a run: what the printers and the live region are made from. */
export interface View {
  run: RunObject;
  nodes: Map<string, NodeView>;
  gates: Map<string, GateObject>;
  /** One stage at a time by its graph: its output is streamed. */
  isSequential: boolean;
}

/** What a change means to those who print and read. */
export type Effect =
  | { kind: 'follow'; node: NodeView; attempt: number }
  | { kind: 'started'; node: NodeView; attempt: number }
  | { kind: 'line'; node: NodeView; n: number; text: string }
  | { kind: 'gap'; node: NodeView; from: number; to: number; bytes: number }
  | { kind: 'finished'; node: NodeView }
  /** A node, or with null the run, is queued, and it is known what has to be free or there first. */
  | { kind: 'queued'; node: NodeView | null; reason: string }
  | { kind: 'gate'; gate: GateObject }
  | { kind: 'changed' };

/** Skeleton of a node from the plan or from the API. */
export type NodeShape = Pick<NodeView, 'name' | 'position' | 'kind' | 'needs' | 'steps'>;

export function createView(run: RunObject, shapes: readonly NodeShape[], isSequential: boolean): View {
  const nodes = new Map<string, NodeView>();
  for (const shape of shapes) {
    nodes.set(shape.name, { ...shape, object: null, gate: null, logs: new Map(), followed: 0, isFinished: false });
  }
  return { run, nodes, gates: new Map(), isSequential };
}

/** Takes a newer state of the run; an older or equal one is dropped. */
export function applyRun(view: View, run: RunObject): Effect[] {
  if (run.seq < view.run.seq) return [];
  const said = queuedFor(view.run);
  view.run = run;
  const reason = queuedFor(run);
  if (reason === null || reason === said) return [{ kind: 'changed' }];
  return [{ kind: 'queued', node: null, reason }, { kind: 'changed' }];
}

/** Takes a newer state of a gate. Says `gate` when it asks for a decision. */
export function applyGate(view: View, gate: GateObject): Effect[] {
  const held = view.gates.get(gate.name);
  if (held && gate.seq <= held.seq) return [];
  view.gates.set(gate.name, gate);
  const node = view.nodes.get(gate.name);
  if (node) node.gate = gate;
  return isAsking(gate) ? [{ kind: 'gate', gate }] : [{ kind: 'changed' }];
}

export function isAsking(gate: GateObject): boolean {
  return gate.status.kind === 'waiting' && gate.status.reason.code === 'gate';
}

/** Takes a newer state of a stage or gate node. */
export function applyStage(view: View, object: StageObject): Effect[] {
  const node = view.nodes.get(object.name) ?? addNode(view, object);
  if (node.object && object.seq <= node.object.seq) return [];
  const before = node.object?.attempts.length ?? 0;
  const said = queuedFor(node.object);
  // How far a pull is stands in the region: that it goes on is said once.
  const isSaid = isPulled(node.object) && isPulled(object);
  node.object = object;
  const reason = queuedFor(object);
  const effects: Effect[] = object.attempts.slice(before).map(({ attempt }) => ({ kind: 'started', node, attempt }));
  if (reason !== null && reason !== said && !isSaid) effects.push({ kind: 'queued', node, reason });
  return [...effects, ...settleView(view), { kind: 'changed' }];
}

function isPulled(object: Pick<StageObject, 'status'> | null): boolean {
  return object?.status.kind === 'queued' && object.status.reason?.code === IMAGE_PULL;
}

/** Null unless it waits for something that may take long. */
function queuedFor(object: Pick<StageObject, 'status'> | null): string | null {
  const reason = object?.status.kind === 'queued' ? object.status.reason : undefined;
  return reason === undefined || PASSING.includes(reason.code) ? null : reason.message;
}

/** Takes lines of a log. Repeated ones (after a resumed stream) are dropped by number. */
export function applyLines(
  node: NodeView,
  attempt: number,
  event: { from: number; lines: readonly { text: string }[]; partial?: true },
): Effect[] {
  const log = openLog(node, attempt);
  const effects: Effect[] = [];
  const whole = event.partial === true ? event.lines.length - 1 : event.lines.length;
  event.lines.forEach(({ text }, index) => {
    const n = event.from + index;
    if (n < log.next) return;
    if (index >= whole) {
      log.partial = text;
      return;
    }
    log.partial = null;
    effects.push(keepLine(node, log, n, text));
  });
  return effects.length > 0 ? effects : [{ kind: 'changed' }];
}

/** Takes a gap: lines `from` to `to` will not come. */
export function applyGap(node: NodeView, attempt: number, gap: { from: number; to: number; bytes: number }): Effect[] {
  const log = openLog(node, attempt);
  if (gap.to < log.next) return [];
  log.next = gap.to + 1;
  log.partial = null;
  return [{ kind: 'gap', node, ...gap }];
}

/** The log of an attempt is whole. A last line without newline becomes a line. */
export function applyLogEnd(view: View, node: NodeView, attempt: number): Effect[] {
  const log = openLog(node, attempt);
  const effects: Effect[] = log.partial === null ? [] : [keepLine(node, log, log.next, log.partial)];
  log.partial = null;
  log.isEnded = true;
  return [...effects, ...settleView(view)];
}

export function isSettled(view: View): boolean {
  return view.run.status.kind === 'ended' && [...view.nodes.values()].every(({ isFinished }) => isFinished);
}

export function openLog(node: NodeView, attempt: number): LogView {
  const held = node.logs.get(attempt);
  if (held) return held;
  const log: LogView = { next: 1, partial: null, tail: [], isEnded: false };
  node.logs.set(attempt, log);
  return log;
}

/**
 * Which logs to read next and which nodes are finished. Attempts of a stage are read one
 * after the other; a stage is finished when it has ended and its logs are whole, so its
 * closing line never overtakes its output. In a sequential plan no stage is read before
 * the one ahead of it is finished.
 */
function settleView(view: View): Effect[] {
  const effects: Effect[] = [];
  for (const node of byStart(view)) {
    if (node.isFinished || !node.object) continue;
    const attempts = node.object.attempts;
    const current = attempts.find(({ attempt }) => node.logs.get(attempt)?.isEnded !== true);
    if (current && current.attempt > node.followed) {
      node.followed = current.attempt;
      openLog(node, current.attempt);
      effects.push({ kind: 'follow', node, attempt: current.attempt });
    }
    if (!current && node.object.status.kind === 'ended') {
      node.isFinished = true;
      effects.push({ kind: 'finished', node });
    } else if (view.isSequential && attempts.length > 0) {
      break;
    }
  }
  return effects;
}

function byStart(view: View): NodeView[] {
  const startOf = (node: NodeView) => node.object?.attempts[0]?.startedAt ?? '9';
  return [...view.nodes.values()].toSorted((a, b) => startOf(a).localeCompare(startOf(b)) || a.position - b.position);
}

function keepLine(node: NodeView, log: LogView, n: number, text: string): Effect {
  log.next = n + 1;
  log.tail.push({ n, text });
  if (log.tail.length > KEPT_LINES) log.tail.shift();
  return { kind: 'line', node, n, text };
}

function addNode(view: View, object: StageObject): NodeView {
  const node: NodeView = {
    name: object.name,
    position: object.position,
    kind: object.kind,
    needs: object.needs.map(({ to }) => to),
    steps: [],
    object: null,
    gate: null,
    logs: new Map(),
    followed: 0,
    isFinished: false,
  };
  view.nodes.set(object.name, node);
  return node;
}
