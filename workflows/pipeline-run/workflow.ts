import { allHandlersFinished, CancellationScope, condition, setHandler } from '@temporalio/workflow';
import { worstEnding } from '#core/ending.ts';
import type { RunInput, RunResult, Status } from '#core/run.ts';
import { cancelRunUpdate, changeRunUpdate, decideGateUpdate, placeGivenSignal, stateQuery } from '../messages.ts';
import { openBook } from './book.ts';
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

/**
 * One run of a pipeline, from its plan alone. Reads like the life of a run: claim it,
 * conduct its graph, answer what people decide, record how it ended, clean up. See
 * README.md in this folder for the states and what must stay true.
 */
export async function pipelineRun(input: RunInput): Promise<RunResult | null> {
  const graph = buildGraph(input.outline);
  const book = openBook(input, graph, nowIso());
  const recorder = startRecorder(book);
  const pause = createPause();
  const given = new Set<string>();
  const { startedBy, outline } = input;
  const gates = openGates({ book, pause, planDigest: outline.digest, startedBy }, recorder.poke);
  const stages = outline.nodes.filter((node) => node.kind === 'stage').filter((stage) => !stage.lateMatrix);
  const hosts = claimHosts(input.runId, stages);
  const conductor = startConductor({ input, graph, book, pause, recorder, gates, hosts, given });
  const changes = openChanges({ graph, book, conductor, recorder });

  setHandler(stateQuery, () => book.toState());
  setHandler(decideGateUpdate, (name, decision) => gates.decide(name, decision), {
    validator: (name, decision) => gates.validate(name, decision),
  });
  setHandler(placeGivenSignal, (stage) => void given.add(stage));
  setHandler(changeRunUpdate, changes.apply, { validator: changes.validate });
  setHandler(
    cancelRunUpdate,
    async (request): Promise<Status> => {
      conductor.stop('cancelled', request);
      if (request.force) await hosts.close();
      return conductor.status();
    },
    { validator: (_request) => refuseEnded(conductor.status()) },
  );
  // A cancel of the workflow itself, from Temporal's own tools, is a cancel of the run.
  CancellationScope.current().cancelRequested.catch(() =>
    conductor.stop('cancelled', { id: 'temporal', by: 'temporal', force: false }),
  );
  return CancellationScope.nonCancellable(async () => {
    if (!(await claimThisRun(input.runId))) return null;
    conductor.begin();
    await conductor.finished;
    const ending = worstEnding(
      [...book.results.values()].map((result) => result.ending),
      book.stop,
    );
    conductor.endRun(ending);
    await recorder.drain();
    await hosts.close();
    await condition(allHandlersFinished);
    return { ending, results: summarizeResults(book.results) };
  });
}
