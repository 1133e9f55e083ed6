import { faultOf } from '#core/fault.ts';
import type { GateObject, RunObject } from '#core/rest.ts';
import type { AnyCall } from '../call.ts';
import type { Session } from '../context/session.ts';
import { EXIT, type ExitCode, exitOfEnding } from '../exit.ts';
import { renderFault } from '../fault/render.ts';
import { renderEnd } from '../live/printer.ts';
import { createView, type Effect, isAsking, isSettled, type NodeShape, type View } from '../live/view.ts';
import { type Keys, readKeys, stopProcess } from '../terminal/keys.ts';
import { followRun } from './follow.ts';
import { openGateDesk } from './gate-desk.ts';
import { describeGate, listApproveCommands } from './gate-talk.ts';
import { type Demand, listenForInterrupts } from './interrupts.ts';
import { openPrinter } from './open-printer.ts';
import type { Repeating } from './repeat.ts';
import { printRunObject } from './run-columns.ts';
import { openShellDesk } from './shell-desk.ts';

export interface WatchOptions {
  call: AnyCall;
  session: Session;
  run: RunObject;
  shapes: readonly NodeShape[];
  isSequential: boolean;
  /** Gates that `--approve` has answered before they ask. */
  approvals: readonly string[];
  /** True for `runs watch`: Ctrl-C leaves the run alone, and gates are not asked for. */
  isWatching: boolean;
  /** Said once Ctrl-C is listened for: who reads it may press it. */
  headline?: string;
  /** Under `--watch`. */
  repeating?: Repeating;
}

/** Why the command stops although the run has not ended. */
type Leave = { kind: 'decision' } | { kind: 'timeout' } | { kind: 'interrupted' };

/** Shows a run until it ends, needs a decision nobody here gives, or the person leaves. Answers the exit code. */
export async function watchRun(options: WatchOptions): Promise<ExitCode> {
  const { call, session } = options;
  const { screen } = call;
  const view = createView(options.run, options.shapes, options.isSequential);
  const lost =
    session.place.kind === 'local' ? 'the engine went away, waiting for it' : 'the connection was lost, trying again';
  const stopping = new AbortController();
  let leave: Leave | null = null;
  let keys: Keys | null = null;
  let isAway = false;
  const hasKeys = call.ui === 'live' && process.stdin.isTTY === true;
  const printer = openPrinter(call, () => view, hasKeys);
  const depart = (reason: Leave) => {
    leave ??= reason;
    stopping.abort();
  };

  const onDemand = (demand: Demand) => {
    options.repeating?.onInterrupt();
    void obey(demand);
  };
  const interrupts = listenForInterrupts(onDemand, options.isWatching);
  const obey = async (demand: Demand) => {
    if (demand === 'leave') {
      depart({ kind: 'interrupted' });
      return;
    }
    const isForce = demand === 'force';
    printer.notice(isForce ? 'forced, press again to leave' : 'cancelling, press again to force');
    try {
      await session.api().cancelRun(view.run.id, isForce);
    } catch (thrown) {
      const fault = faultOf(thrown);
      // It may have ended in the same moment; then the stream says so.
      if (fault && fault.code !== 'run-ended') printer.say(renderFault(fault, screen.paint));
    }
  };
  const cancelForNext = () => void obey('cancel');
  options.repeating?.changed.addEventListener('abort', cancelForNext, { once: true });
  if (options.headline !== undefined) screen.say(`${options.headline}\n`);
  const desk = openGateDesk({
    call,
    session,
    view,
    printer,
    keys: () => keys,
    approvals: options.approvals,
    isWatching: options.isWatching,
    signal: stopping.signal,
    onStuck: () => depart({ kind: 'decision' }),
  });
  const shells = openShellDesk({
    ...{ call, session, printer, keys: () => keys, isWatching: options.isWatching, label: options.run.label },
    signal: stopping.signal,
  });
  const told = new Set<string>();
  /** Somebody else will decide: who watches is told once what is asked for. */
  const tellGate = (gate: GateObject) => {
    const text = describeGate(gate, screen);
    if (told.has(text)) return;
    told.add(text);
    const commands = listApproveCommands(view.run.label, gate, session.place.kind === 'local');
    printer.say(`${text}\nNext: ${commands.join(` ${screen.marks.dot} `)}\n`);
  };
  const onEffect = (effect: Effect) => {
    printer.show(effect);
    if (effect.kind === 'gate' && options.isWatching) tellGate(effect.gate);
    if (effect.kind === 'gate') desk.arrive(effect.gate);
    if (effect.kind === 'changed') desk.look();
    if (desk.isStuck()) depart({ kind: 'decision' });
  };
  const onSuspend = () => printer.pause();
  const onContinue = () => printer.resume();
  if (hasKeys) {
    keys = readKeys({
      onKey: (key) => {
        if (key === 'v') printer.toggleAll();
        if (key === 'q') interrupts.press();
      },
      onInterrupt: interrupts.press,
      onSuspend,
      onContinue,
    });
  }
  const onStop = () => stopProcess({ onSuspend, onContinue }, () => {});
  if (call.ui === 'live') process.on('SIGTSTP', onStop);
  const restore = () => {
    printer.close();
    keys?.close();
  };
  process.once('exit', restore);
  const timer = call.timeoutMs === null ? null : setTimeout(() => depart({ kind: 'timeout' }), call.timeoutMs);

  try {
    await followRun({
      session,
      view,
      signal: stopping.signal,
      onEffect,
      onObject(object) {
        printer.object(object);
        shells.arrive(object);
      },
      onCut: (isCut) => {
        // Every stream says it; the person hears it once.
        if (isCut !== isAway) printer.notice(isCut ? lost : null);
        isAway = isCut;
      },
    });
  } catch (thrown) {
    if (leave === null) throw thrown;
  } finally {
    if (timer) clearTimeout(timer);
    interrupts.close();
    options.repeating?.changed.removeEventListener('abort', cancelForNext);
    process.off('exit', restore);
    process.off('SIGTSTP', onStop);
    restore();
  }
  if (isSettled(view)) return await finish(call, view, interrupts.exit());
  return sayGoodbye(options, view, leave ?? { kind: 'interrupted' }, interrupts.exit());
}

async function finish(call: AnyCall, view: View, interrupted: 130 | 143 | null): Promise<ExitCode> {
  const { run } = view;
  if (run.status.kind !== 'ended') return EXIT.errored;
  if (call.ui === 'json') await printRunObject(call, run);
  else if (call.ui === 'quiet' && exitOfEnding(run.status.ending) !== EXIT.done)
    call.screen.cry(renderEnd(view, call.screen));
  else call.screen.say(renderEnd(view, call.screen));
  return run.status.ending === 'cancelled' && interrupted !== null ? interrupted : exitOfEnding(run.status.ending);
}

async function sayGoodbye(
  { call, session }: WatchOptions,
  view: View,
  leave: Leave,
  interrupted: 130 | 143 | null,
): Promise<ExitCode> {
  const { screen } = call;
  const { label } = view.run;
  if (call.ui === 'json') await printRunObject(call, view.run);
  switch (leave.kind) {
    case 'decision': {
      const asking = [...view.gates.values()].filter(isAsking);
      const commands = asking.flatMap((gate) => listApproveCommands(label, gate, session.place.kind === 'local'));
      screen.cry(asking.map((gate) => `${describeGate(gate, screen)}\n`).join(''));
      screen.cry(`The run ${label} stays open.\nNext: ${commands.join(` ${screen.marks.dot} `)}\n`);
      return EXIT.decisionNeeded;
    }
    case 'timeout':
      screen.cry(`Stopped waiting; the run ${label} goes on.\n`);
      screen.cry(`Next: buildit runs watch ${label} ${screen.marks.dot} buildit cancel ${label}\n`);
      return EXIT.timedOut;
    case 'interrupted':
      screen.cry(`Left the run ${label} going.\n`);
      screen.cry(`Next: buildit runs watch ${label} ${screen.marks.dot} buildit cancel ${label}\n`);
      return interrupted ?? EXIT.interrupted;
    default:
      return leave satisfies never;
  }
}
