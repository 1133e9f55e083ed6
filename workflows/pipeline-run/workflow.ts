import {
  allHandlersFinished,
  CancellationScope,
  condition,
  isCancellation,
  makeContinueAsNewFunc,
  setHandler,
  workflowInfo,
} from '@temporalio/workflow';
import type { Reason } from '#core/attempt.ts';
import type { ConcurrencyRule } from '#core/concurrency.ts';
import { worstEnding } from '#core/ending.ts';
import { unpackOutline } from '#core/packed-outline.ts';
import type { RunInput, RunResult, Status } from '#core/run.ts';
import {
  cancelRunUpdate,
  changeRunUpdate,
  decideGateUpdate,
  groupNewsSignal,
  placeGivenSignal,
  stateQuery,
} from '../messages.ts';
import { openBook } from './book.ts';
import { describeNext } from './carry-over.ts';
import { openChanges } from './changes.ts';
import { startConductor } from './conductor.ts';
import { openGates } from './gate.ts';
import { buildGraph } from './graph.ts';
import { claimHosts } from './hosts.ts';
import { createPause } from './pause.ts';
import { startRecorder } from './recorder.ts';
import { refuseEnded } from './refusals.ts';
import { claimThisRun, nowIso } from './self.ts';
import { summarizeResults } from './summarize-results.ts';
import { openTurns } from './turns.ts';

/**
 * One run of a pipeline, from its plan alone. Reads like the life of a run: claim it,
 * conduct its graph, answer what people decide, record how it ended, clean up. See
 * README.md in this folder for the states and what must stay true.
 */
export async function pipelineRun(input: RunInput): Promise<RunResult | null> {
  const { startedBy, continued } = input;
  const outline = unpackOutline(input.outline);
  const graph = buildGraph(outline, continued?.plans);
  const book = openBook(input, graph, nowIso());
  const recorder = startRecorder(book, () => hosts.leave());
  const pause = createPause();
  const given = new Set<string>();
  const turnScope = new CancellationScope();
  const gates = openGates({ book, pause, planDigest: outline.digest, startedBy }, recorder.poke);
  const stages = outline.nodes
    .filter((node) => node.kind === 'stage')
    .filter((stage) => !stage.lateMatrix && !stage.child);
  const hosts = claimHosts(input.runId, stages, continued?.hosts);
  const turns = openTurns(input);
  const conductor = startConductor({ input, graph, book, pause, recorder, gates, hosts, turns, given });
  const extended = new Map(Object.entries(continued?.extended ?? {}));
  const applied = new Set(continued?.applied);
  const changes = openChanges({ graph, book, conductor, recorder, extended, applied });

  setHandler(stateQuery, () => book.toState());
  setHandler(decideGateUpdate, (name, decision) => gates.decide(name, decision), {
    validator: (name, decision) => gates.validate(name, decision),
  });
  setHandler(placeGivenSignal, (stage) => void given.add(stage));
  setHandler(groupNewsSignal, turns.hear);
  setHandler(changeRunUpdate, changes.apply, { validator: changes.validate });
  setHandler(
    cancelRunUpdate,
    async (request): Promise<Status> => {
      conductor.stop('cancelled', request);
      turnScope.cancel();
      if (request.force) await hosts.close();
      return conductor.status();
    },
    { validator: (_request) => refuseEnded(conductor.status()) },
  );
  // A cancel of the workflow itself, from Temporal's own tools, is a cancel of the run.
  CancellationScope.current().cancelRequested.catch(() =>
    conductor.stop('cancelled', { id: 'temporal', by: 'temporal', force: false }),
  );
  const onSuperseded = (reason: Reason) => {
    const by = `run:${reason.values?.['by'] ?? ''}`;
    conductor.stop('cancelled', { id: 'superseded', by, force: false }, reason);
  };
  /** Waits for the run's own place; false when another run comes instead. A stop ends the wait. */
  const awaitTurn = async (rule: ConcurrencyRule): Promise<boolean> => {
    const since = nowIso();
    const onWaiting = (reason: Reason) => {
      if (book.stop !== null) return;
      book.setRun({ kind: 'queued', since, reason });
      recorder.poke();
    };
    const turn = await turnScope
      .run(() => turns.take(rule, null, { onWaiting, onSuperseded }))
      .catch((error: unknown) => {
        if (!isCancellation(error)) throw error;
      });
    if (turn?.kind === 'superseded') conductor.supersede(turn.reason);
    return turn?.kind !== 'superseded';
  };
  return CancellationScope.nonCancellable(async () => {
    const { concurrency } = outline;
    let hasTurn = true;
    if (continued) {
      turns.restore(continued.turns, { onWaiting: () => {}, onSuperseded });
      conductor.begin();
    } else {
      const begin = concurrency === undefined ? conductor.describeBegin() : null;
      const opens = hosts.describeOpening((stage) => (graph.waits.get(stage) ?? []).length === 0);
      const claim = await claimThisRun(input.runId, begin, opens);
      if (!claim.isOurs) return null;
      if (claim.isOnlyHost) hosts.stayHere();
      if (claim.host) hosts.hold(claim.host);
      hasTurn = concurrency === undefined || (await awaitTurn(concurrency));
      if (hasTurn) conductor.begin(claim.hasBegun ? 'recorded' : undefined);
    }
    while ((await conductor.finished()) === 'continues') {
      const handover = {
        ...conductor.handover,
        extended: Object.fromEntries(extended),
        applied: [...applied],
        hosts: hosts.held,
        turns: turns.held,
      };
      const next = describeNext(input, outline, graph, book, handover);
      if (next) await continueAsNew(next);
      conductor.goOn();
    }
    const endings = [...book.results.values()].map((result) => result.ending);
    const ending = hasTurn ? worstEnding(endings, book.stop) : 'skipped';
    conductor.endRun(ending);
    await recorder.drain();
    await hosts.close();
    await turns.giveBackAll();
    await condition(allHandlersFinished);
    return { ending, results: summarizeResults(book.results) };
  });
}

/** Goes on in a new execution with the same memo: the trace of the request is in it. */
function continueAsNew(next: RunInput): Promise<never> {
  const { memo } = workflowInfo();
  return makeContinueAsNewFunc<typeof pipelineRun>(memo ? { memo } : {})(next);
}
