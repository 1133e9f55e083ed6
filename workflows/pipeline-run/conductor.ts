import { allHandlersFinished, CancellationScope, condition, isCancellation } from '@temporalio/workflow';
import type { Reason } from '#core/attempt.ts';
import type { ConcurrencyRule } from '#core/concurrency.ts';
import { isFailure } from '#core/ending.ts';
import type { Growth } from '#core/growth.ts';
import type { OutlineNode, OutlineStage } from '#core/outline.ts';
import type { ChildPipeline } from '#core/plan.ts';
import type { NodeResult, Status } from '#core/run.ts';
import type { CancelRequest } from '../messages.ts';
import { collectValues, resultWithout } from './book.ts';
import { runChild } from './child.ts';
import { createClock } from './clock.ts';
import { evaluateLate } from './condition.ts';
import { awaitContinuation } from './continuation.ts';
import { describeRun, describeStop, type StopCause } from './describe-stop.ts';
import { awaitEnvironment } from './environment.ts';
import { expandLegs } from './expand-legs.ts';
import { growGraph } from './graph.ts';
import { judge, type Stop } from './judge.ts';
import type { Conductor, Parts } from './parts.ts';
import { nowIso } from './self.ts';
import { openSlots } from './slots.ts';
import { runAttempts, type StageEnd } from './stage.ts';

/** Time that stages with `run-on="always"` get when nothing else is left (LANGUAGE §4). */
const FINALLY_MS = 10 * 60_000;
const OWN_LIMIT: Reason = { code: 'max-parallel', message: 'as many stages of this run as may run at once do' };
const CONTINUES: Reason = { code: 'continues', message: 'the run is about to go on in a new execution' };
const PAUSED: Reason = { code: 'paused', message: 'the run is paused' };
const FINALLY_OVER: Reason = { code: 'finally-budget', message: 'the 10 minutes of always stages are over' };

export function startConductor(parts: Parts): Conductor {
  const { input, graph, book, pause, recorder, gates, hosts, turns, given } = parts;
  const slots = openSlots(input.maxParallel, graph.groups, (stage, executing) =>
    continuation.mayStart(stage, executing),
  );
  /** Parent of all stages' scopes: a cancel of the workflow itself comes through `stop` alone. */
  const shield = new CancellationScope({ cancellable: false });
  const { continued } = input;
  const ownLimit = { ms: continued ? continued.leftMs : input.outline.timeoutMs, summary: 'time limit of the run' };
  const clock = createClock(ownLimit, shield, () => stop('timed-out', null));
  const finallyLimit = { ms: FINALLY_MS, summary: 'time budget of always stages' };
  const finallyClock = createClock(finallyLimit, shield, endFinally);
  /** Nodes whose work (condition, gate, attempts) is under way, with the scope that stops it. */
  const active = new Map<string, CancellationScope>();
  const stopCauses = new Map<string, StopCause>();
  /** How often a stage that runs another pipeline has begun. */
  const childAttempts = new Map(Object.entries(continued?.childAttempts ?? {}));
  /** Since when stages wait for others to end, as it is on record. */
  const queued = new Map(Object.entries(continued?.queued ?? {}));
  const going: Status = { kind: 'running', attempt: input.run.attempt, since: nowIso(), heartbeatAt: nowIso() };
  let status: Status = going;
  let finallyTime: 'unlimited' | 'running' | 'over' = 'unlimited';
  let isBegun = false;
  let isForced = false;
  const forced = Promise.withResolvers<void>();
  /** Why the run ends otherwise than by its stages. */
  let why: Reason | null = null;
  let outcome: 'ended' | 'continues' | null = null;
  const continuation = awaitContinuation({
    isQuiet: () => recorder.isIdle && allHandlersFinished() && [...active.keys()].every((name) => slots.isQueued(name)),
    isHindered: () =>
      pause.isOn || book.stop !== null || finallyTime !== 'unlimited' || book.situation.unsettled.size > 0,
    onContinue: () => (outcome ??= 'continues'),
    onGivenUp: () => slots.pump(),
  });

  /** Judges these nodes and all that follows from their ends, then settles the activation. */
  function advance(names: readonly string[]) {
    if (!isBegun) return;
    const work = [...names];
    for (let name = work.shift(); name !== undefined; name = work.shift()) {
      const node = graph.nodes.get(name);
      if (!node || active.has(name) || book.results.has(name)) continue;
      const verdict = judge(graph, node, book.situation);
      if (verdict.kind === 'wait') continue;
      if (verdict.kind === 'end') work.push(...end(node, resultWithout(verdict.ending, verdict.reason)));
      else if (finallyTime === 'over') work.push(...end(node, resultWithout('timed-out', FINALLY_OVER)));
      else if (pause.isOn) book.setStatus(name, { kind: 'waiting', reason: PAUSED });
      else launch(node);
    }
    if (book.results.size === graph.names.length) outcome = 'ended';
    else startFinallyTimer();
    recorder.poke();
  }

  function end(node: OutlineNode, result: NodeResult, recorded?: 'recorded') {
    active.delete(node.name);
    const waiters = book.end(node.name, result, nowIso(), recorded);
    if (node.kind === 'stage' && isFailure(result.ending)) failFast(node, result);
    return waiters;
  }

  function launch(node: OutlineNode) {
    void shield.run(async () => start(node));
  }

  function start(node: OutlineNode) {
    const scope = new CancellationScope();
    active.set(node.name, scope);
    scope
      .run(() => work(node, scope))
      .catch((error: unknown): StageEnd => {
        if (!isCancellation(error)) throw error;
        const cause = whyStopped(node.name);
        return { result: { ...resultWithout(cause.ending, cause.reason) }, byActivity: false };
      })
      .then(({ result, byActivity, growth }) => {
        if (growth) grow(node.name, growth);
        advance(end(node, result, byActivity ? 'recorded' : undefined));
      })
      .catch(fail);
  }

  /** Before the node that added them ends: nobody who waits for it is judged without them. */
  function grow(by: string, growth: Growth) {
    book.grow(growGraph(graph, by, growth));
    if (isForced) endWaiting();
  }

  /** Condition, gate, slot, attempts: what stands between "its needs are met" and its end. */
  async function work(node: OutlineNode, scope: CancellationScope): Promise<StageEnd> {
    if (node.when?.kind === 'late') {
      const refusal = await evaluateLate(node, node.when, graph, book, describeRun(input));
      if (refusal) return { result: refusal, byActivity: false };
    }
    if (node.gate) {
      const verdict = await gates.ask(node.name, node.gate, () => whySkipped(node.name));
      if (verdict.kind === 'rejected') {
        return { result: resultWithout('rejected', verdict.reason), byActivity: false };
      }
      if (node.kind === 'gate') {
        return { result: { ...resultWithout('passed', null), outputs: verdict.fields }, byActivity: false };
      }
    }
    if (node.kind === 'gate') throw new Error(`gate ${node.name} has no rules`);
    if (node.lateMatrix) return expandLegs(input.runId, graph, node, book);
    if (node.environment !== undefined) {
      const refusal = await awaitEnvironment(parts, node.name, node.environment);
      if (refusal) return { result: refusal, byActivity: false };
    }
    return node.concurrency ? takeTurn(node, node.concurrency, scope) : takeSlot(node, scope);
  }

  /** A place of its group first: who waits for it takes no place of the run, and no time of the stage. */
  async function takeTurn(stage: OutlineStage, rule: ConcurrencyRule, scope: CancellationScope): Promise<StageEnd> {
    const since = nowIso();
    const turn = await turns.take(rule, stage.name, {
      onWaiting(reason) {
        book.setStatus(stage.name, { kind: 'queued', since, reason });
        recorder.poke();
      },
      onSuperseded: (reason) => stopNode(stage.name, { ending: 'cancelled', reason }),
    });
    if (turn.kind === 'superseded') return { result: resultWithout('skipped', turn.reason), byActivity: false };
    try {
      // On record before the activity is called, whose own writes come next.
      await recorder.drain();
      return await takeSlot(stage, scope);
    } finally {
      await turns.giveBack(turn.id);
    }
  }

  async function takeSlot(stage: OutlineStage, scope: CancellationScope): Promise<StageEnd> {
    await new Promise<void>((resolve, reject) => {
      scope.cancelRequested.catch((error: unknown) => slots.withdraw(stage) && reject(error));
      slots.queue(stage, resolve);
      if (slots.isQueued(stage.name)) tellQueued(stage.name);
    });
    queued.delete(stage.name);
    try {
      if (pause.isOn) await pause.over();
      if (stage.child) return await followChild(stage, stage.child);
      const since = nowIso();
      book.setStatus(stage.name, { kind: 'running', attempt: 1, since, heartbeatAt: since }, 'recorded');
      return await runAttempts(
        {
          input,
          graph,
          book,
          hosts,
          clock,
          pause,
          recorder,
          given,
          forced: forced.promise,
          whyStopped,
          isStopped: (name) => stopCauses.has(name),
        },
        stage,
      );
    } finally {
      slots.release(stage);
    }
  }

  function tellQueued(name: string) {
    const since = queued.get(name);
    const reason = continuation.isComing ? CONTINUES : OWN_LIMIT;
    book.setStatus(name, { kind: 'queued', since: since ?? nowIso(), reason }, since ? 'recorded' : undefined);
    if (since === undefined && reason === OWN_LIMIT) queued.set(name, nowIso());
  }

  /** Another pipeline's run is what this stage executes. */
  async function followChild(stage: OutlineStage, child: ChildPipeline): Promise<StageEnd> {
    const own = { 'stage.name': stage.name, 'stage.attempt': '1' };
    const values = { ...describeRun(input), ...own, ...collectValues(stage.inputs, book.results) };
    if (stage.runOn !== 'always') clock.enter();
    try {
      const onStarted = recorder.poke;
      const attempt = (childAttempts.get(stage.name) ?? 0) + 1;
      childAttempts.set(stage.name, attempt);
      const result = await runChild({ input, book, onStarted, attempt }, stage, child, values);
      const isAllowed = stage.allowFailure === 'any' && (result.ending === 'failed' || result.ending === 'timed-out');
      return { result: isAllowed ? { ...result, ending: 'soft-failed' } : result, byActivity: false };
    } finally {
      if (stage.runOn !== 'always') clock.leave();
    }
  }

  function whyStopped(name: string): StopCause {
    return stopCauses.get(name) ?? describeStop(book.stop ?? 'cancelled');
  }

  function whySkipped(name: string): Reason | null {
    const cause = stopCauses.get(name);
    return cause?.ending === 'skipped' ? cause.reason : null;
  }

  function stopNode(name: string, cause: StopCause) {
    if (stopCauses.has(name)) return;
    stopCauses.set(name, cause);
    active.get(name)?.cancel();
  }

  function stop(kind: Stop, request: CancelRequest | null, reason?: Reason) {
    if (book.stop === null) why = reason ?? describeStop(kind).reason;
    isForced ||= request?.force === true;
    if (isForced) forced.resolve();
    if (book.stop === null) {
      book.stop = kind;
      liftPause();
      // What follows is on record anyway: who asked for it costs nothing.
      if (request) book.addChange({ kind: 'cancel', id: request.id, by: request.by, force: request.force });
      status = { kind: 'cancelling', since: nowIso() };
      book.setRun(status);
    }
    for (const name of graph.names) {
      const isSpared = graph.nodes.get(name)?.runOn === 'always' && !isForced;
      if (!isSpared && active.has(name)) stopNode(name, describeStop(book.stop));
    }
    if (isForced) endWaiting();
    advance(graph.names);
  }

  /** A forced stop leaves nothing to come, `always` stages included. */
  function endWaiting() {
    for (const node of graph.nodes.values()) {
      if (active.has(node.name) || book.results.has(node.name)) continue;
      const reason = { code: 'run-cancelled', message: 'the run was cancelled by force' };
      end(node, resultWithout('not-run', reason));
    }
  }

  /** A leg that failed stops its siblings, unless the matrix says otherwise. */
  function failFast(stage: OutlineStage, result: NodeResult) {
    const group = graph.groups[stage.stage];
    if (!group?.failFast) return;
    const reason = { code: 'fail-fast', message: `${stage.name} ${result.ending} and fail-fast is on` };
    const waiters: string[] = [];
    for (const leg of group.legs) {
      const node = graph.nodes.get(leg);
      if (!node || leg === stage.name || book.results.has(leg)) continue;
      if (active.has(leg)) stopNode(leg, { ending: 'cancelled', reason });
      else waiters.push(...end(node, resultWithout('not-run', reason)));
    }
    if (waiters.length > 0) advance(waiters);
  }

  function startFinallyTimer() {
    if (finallyTime !== 'unlimited') return;
    const left = graph.names.filter((name) => !book.results.has(name));
    if (!left.every((name) => graph.nodes.get(name)?.runOn === 'always')) return;
    finallyTime = 'running';
    finallyClock.enter();
  }

  /** What still runs is stopped, and nothing that waited for it begins. */
  function endFinally() {
    finallyTime = 'over';
    for (const name of graph.names) if (active.has(name)) stopNode(name, { ending: 'timed-out', reason: FINALLY_OVER });
  }

  function supersede(reason: Reason) {
    why = reason;
    for (const node of graph.nodes.values()) {
      if (!book.results.has(node.name)) end(node, resultWithout('skipped', reason));
    }
    outcome = 'ended';
  }

  function setPaused(reason: Reason | null) {
    if (reason) {
      pause.set(true);
      for (const limit of [clock, finallyClock]) limit.setPaused(true);
      status = { kind: 'paused', reason };
    } else {
      liftPause();
      status = going;
    }
    book.setRun(status);
    advance(graph.names);
  }

  function liftPause() {
    pause.set(false);
    for (const limit of [clock, finallyClock]) limit.setPaused(false);
  }

  function skip(name: string, reason: Reason) {
    // It waits at a gate, in a condition or for its place: what it waits in is stopped.
    if (active.has(name)) stopNode(name, { ending: 'skipped', reason });
    else advance(book.endEarly(name, resultWithout('skipped', reason), nowIso()));
    recorder.poke();
  }

  function retry(name: string, reopened: readonly string[], behind: Iterable<string>) {
    for (const other of [name, ...reopened]) stopCauses.delete(other);
    book.reopen([name, ...reopened], behind);
    advance(graph.names);
  }

  /** Only a bug comes here: it must fail the workflow task, visibly, not vanish. */
  let bug: unknown = null;
  function fail(error: unknown) {
    bug ??= error;
    outcome = 'ended';
  }

  if (continued) {
    status = continued.status;
    book.restore(continued, nowIso());
  }
  for (const [name, result] of Object.entries(input.carried)) {
    const node = graph.nodes.get(name);
    // Its rows came with the run's own.
    if (node) book.end(name, result, nowIso(), 'recorded');
  }
  return {
    describeBegin: () => ({ version: book.nextVersion(), status: going }),
    begin(recorded) {
      isBegun = true;
      // A stop that came meanwhile is newer than what the claim has written.
      if (!continued) book.setRun(status, status === going ? recorded : undefined);
      advance(graph.names);
    },
    async finished() {
      await condition(() => outcome !== null);
      if (bug) throw bug;
      return outcome ?? 'ended';
    },
    goOn() {
      outcome = null;
      continuation.giveUp();
    },
    get handover() {
      const waiting = [...queued].filter(([name]) => slots.isQueued(name));
      return {
        ...{ queued: Object.fromEntries(waiting), leftMs: clock.leftMs },
        childAttempts: Object.fromEntries(childAttempts),
      };
    },
    stop,
    supersede,
    clock,
    setPaused,
    skip,
    retry,
    isActive: (name) => active.has(name),
    hasFinallyBegun: () => finallyTime !== 'unlimited',
    status: () => status,
    endRun(ending) {
      status = { kind: 'ended', ending, reason: why, at: nowIso() };
      book.setRun(status);
      recorder.poke();
    },
  };
}
