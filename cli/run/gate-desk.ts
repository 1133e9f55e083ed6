import { faultOf } from '#core/fault.ts';
import type { DecisionRequest, GateObject } from '#core/rest.ts';
import type { AnyCall } from '../call.ts';
import type { Session } from '../context/session.ts';
import { renderFault } from '../fault/render.ts';
import type { Printer } from '../live/printer.ts';
import { applyGate, isAsking, type View } from '../live/view.ts';
import type { Keys } from '../terminal/keys.ts';
import { askForDecision } from './gate-talk.ts';

export interface GateDeskOptions {
  call: AnyCall;
  session: Session;
  view: View;
  printer: Printer;
  keys: () => Keys | null;
  /** Gates that `--approve` answers. */
  approvals: readonly string[];
  /** Then nobody here decides anything. */
  isWatching: boolean;
  signal: AbortSignal;
  /** Nothing but a decision moves the run any more, and nobody here will give it. */
  onStuck: () => void;
}

/** Answers gates: by `--approve` at once, else by a question when there is somebody to ask. */
export interface GateDesk {
  /** A gate asks. */
  arrive(gate: GateObject): void;
  /** Something changed: a question whose gate was decided elsewhere is taken back. */
  look(): void;
  isStuck(): boolean;
}

/** One question at a time; while it stands nothing is drawn. */
export function openGateDesk(options: GateDeskOptions): GateDesk {
  const { call, session, view, printer, isWatching, signal } = options;
  const canAsk = !isWatching && call.ui === 'live' && call.screen.canPrompt && !call.options['no-wait'];
  const seen = new Set<string>();
  /** Decided here, but the run has not yet said whether it accepts. */
  const undecided = new Set<string>();
  let queue: Promise<void> = Promise.resolve();
  let pending = 0;
  let question: { name: string; taking: AbortController } | null = null;

  const sayRefusal = (thrown: unknown) => {
    const fault = faultOf(thrown);
    if (!fault) throw thrown;
    printer.say(renderFault(fault, call.screen.paint));
  };
  /** The answer is taken into the view at once: the stream may say it later than the next look at what is stuck. */
  const decide = async (gate: GateObject, request: DecisionRequest) => {
    const answer = await session.api().decide(gate.id, request);
    if ('state' in answer) undecided.add(gate.name);
    else applyGate(view, answer);
  };
  const ask = async (name: string) => {
    const gate = view.gates.get(name);
    if (!gate || !isAsking(gate) || signal.aborted) return;
    const taking = new AbortController();
    question = { name, taking };
    printer.pause();
    options.keys()?.pause();
    try {
      const verdict = await askForDecision(gate, call.screen, AbortSignal.any([signal, taking.signal]));
      if (verdict.kind === 'approve') await decide(gate, { verdict: 'approve', fields: verdict.fields });
      if (verdict.kind === 'reject') await decide(gate, { verdict: 'reject', comment: verdict.comment });
    } finally {
      question = null;
      if (!signal.aborted) options.keys()?.resume();
      printer.resume();
    }
  };
  const isAskingNow = (name: string) => {
    const gate = view.gates.get(name);
    return gate !== undefined && isAsking(gate);
  };
  const isStuck = () =>
    !isWatching &&
    pending === 0 &&
    view.run.status.kind !== 'ended' &&
    view.run.gatesWaiting.length > 0 &&
    view.run.gatesWaiting.every((name) => seen.has(name) && !undecided.has(name) && isAskingNow(name));

  return {
    arrive(gate) {
      if (isWatching || seen.has(gate.name)) return;
      seen.add(gate.name);
      const isApproved = options.approvals.includes(gate.name);
      if (!isApproved && !canAsk) return;
      pending += 1;
      queue = queue
        .then(() => (isApproved ? decide(gate, { verdict: 'approve', fields: {} }) : ask(gate.name)))
        .catch(sayRefusal)
        .finally(() => {
          pending -= 1;
          if (isStuck()) options.onStuck();
        });
    },
    look() {
      const gate = question && view.gates.get(question.name);
      if (gate && !isAsking(gate)) question?.taking.abort();
    },
    isStuck,
  };
}
