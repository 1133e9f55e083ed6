import type { RunObject, StageObject } from '#core/rest.ts';
import type { AnyCall } from '../call.ts';
import type { Session } from '../context/session.ts';
import { EXIT, type ExitCode } from '../exit.ts';
import { openLineWriter } from '../live/line-writer.ts';
import { renderGap } from '../live/printer.ts';
import { createView, type Effect, isSettled, type NodeView, openLog } from '../live/view.ts';
import { followRun } from '../run/follow.ts';
import { listenForInterrupts } from '../run/interrupts.ts';
import { keepColors } from '../terminal/sanitize.ts';
import { prefixOf } from './print-log.ts';

export interface FollowLogsOptions {
  call: AnyCall;
  session: Session;
  run: RunObject;
  stages: readonly StageObject[];
  /** Names of the stages to show; null is all. */
  wanted: ReadonlySet<string> | null;
  /** So many lines of what was printed before; null is all. */
  tail: number | null;
}

/** Prints what stages print until they have ended, or Ctrl-C, which leaves the run alone. */
export async function followLogs({ call, session, run, stages, wanted, tail }: FollowLogsOptions): Promise<ExitCode> {
  const { screen } = call;
  const shapes = stages.map(({ name, position, kind, needs }) => ({
    name,
    position,
    kind,
    needs: needs.map(({ to }) => to),
    steps: [],
  }));
  const view = createView({ ...run, seq: 0 }, shapes, false);
  const stopping = new AbortController();
  const isWanted = (node: NodeView) => wanted === null || wanted.has(node.name);
  const isData = call.format !== 'table' && call.format !== 'name';
  if (tail !== null) skipToTail(view.nodes, stages, tail);
  const lines = openLineWriter(screen.out);
  const onEffect = (effect: Effect) => {
    if (effect.kind === 'line' && isWanted(effect.node)) {
      const { n, text, node } = effect;
      if (isData) lines.add(`${JSON.stringify({ stage: node.name, attempt: node.followed, n, text })}\n`);
      else lines.add(`${prefixOf(node.name, wanted?.size === 1, screen)}${keepColors(text)}\n`);
    }
    if (effect.kind === 'gap' && isWanted(effect.node)) {
      screen.say(renderGap(effect));
    }
    if (wanted !== null && [...view.nodes.values()].filter(isWanted).every((node) => node.isFinished)) stopping.abort();
  };
  let isInterrupted = false;
  const interrupts = listenForInterrupts(() => {
    isInterrupted = true;
    stopping.abort();
  }, true);
  const timer = call.timeoutMs === null ? null : setTimeout(() => stopping.abort(), call.timeoutMs);
  try {
    await followRun({
      session,
      view,
      signal: stopping.signal,
      onEffect,
      onObject: () => {},
      onCut: () => {},
      isWanted,
    });
  } finally {
    lines.flush();
    interrupts.close();
    if (timer) clearTimeout(timer);
  }
  if (isInterrupted) {
    screen.say(`Left the run ${run.label} going. Next: buildit cancel ${run.label}\n`);
    return interrupts.exit() ?? EXIT.interrupted;
  }
  const isDone = isSettled(view) || [...view.nodes.values()].filter(isWanted).every((node) => node.isFinished);
  return isDone ? EXIT.done : EXIT.timedOut;
}

/** Begins each log so many lines before what it had when the command started. */
function skipToTail(nodes: ReadonlyMap<string, NodeView>, stages: readonly StageObject[], tail: number): void {
  for (const stage of stages) {
    const node = nodes.get(stage.name);
    if (!node) continue;
    for (const attempt of stage.attempts) {
      const log = openLog(node, attempt.attempt);
      log.next = Math.max(1, attempt.log.lines - tail + 1);
      // Of earlier attempts nothing is shown.
      if (attempt !== stage.attempts.at(-1)) log.isEnded = true;
    }
  }
}
