import {
  ActivityFailure,
  CancellationScope,
  ChildWorkflowCancellationType,
  ChildWorkflowFailure,
  executeChild,
  isCancellation,
} from '@temporalio/workflow';
import type { Reason } from '#core/attempt.ts';
import { runWorkflowId } from '#core/ids.ts';
import type { OutlineStage } from '#core/outline.ts';
import type { ChildPipeline } from '#core/plan.ts';
import { PIPELINE_RUN } from '#core/queues.ts';
import type { NodeResult, RunInput, RunResult } from '#core/run.ts';
import { resolveText, type Values } from '#core/text.ts';
import { local } from './activities.ts';
import { resultWithout, type Book } from './book.ts';
import { nowIso } from './self.ts';
import { describeFault } from './stage.ts';

/**
 * A stage that runs another pipeline: a run of its own, whose end is the stage's. It is stopped with the stage, and given
 * the time to end as it does.
 */
export async function runChild(
  { input, book, onStarted, attempt }: { input: RunInput; book: Book; onStarted: () => void; attempt: number },
  stage: OutlineStage,
  child: ChildPipeline,
  values: Values,
): Promise<NodeResult> {
  const params: Record<string, string> = {};
  for (const [name, text] of Object.entries(child.params)) {
    const resolved = resolveText(text, values);
    if (resolved.kind === 'missing') {
      const message = `\${${resolved.ref}} in the parameter ${name} has no value`;
      return resultWithout('errored', { code: 'value-missing', message });
    }
    params[name] = resolved.value;
  }
  const asked = {
    ...{ runId: input.runId, stage: stage.name, attempt, label: input.run.label },
    ...{ pipeline: child.name, params },
    ...(input.share ? { share: input.share } : {}),
    ...(input.commit ? { commit: input.commit } : {}),
  };
  const started = await CancellationScope.nonCancellable(() => local.startChild(asked)).catch((error: unknown) => {
    if (!(error instanceof ActivityFailure)) throw error;
    return describeFault(error);
  });
  if (!('kind' in started)) return resultWithout('errored', { code: started.code, message: started.message });
  if (started.kind === 'refused') return resultWithout('failed', started.reason);
  const { run, runId } = started.input;
  const at = nowIso();
  book.setStatus(stage.name, { kind: 'running', attempt, since: at, heartbeatAt: at });
  onStarted();
  const result = await waitForChild(started.input, child.name);
  return { ...resultWithout(result?.ending ?? 'errored', describeEnd(run.label, runId, result)), attempts: attempt };
}

/** How the run ended; null when it was taken away (terminated, or timed out by an operator) before it could say. */
async function waitForChild(input: RunInput, name: string): Promise<RunResult | null> {
  try {
    return await executeChild(PIPELINE_RUN, {
      workflowId: runWorkflowId(input.runId),
      args: [input],
      cancellationType: ChildWorkflowCancellationType.WAIT_CANCELLATION_COMPLETED,
      staticSummary: `${name} ${input.run.label}`,
    });
  } catch (error) {
    if (!(error instanceof ChildWorkflowFailure) || isCancellation(error)) throw error;
    return null;
  }
}

function describeEnd(label: string, runId: string, result: RunResult | null): Reason {
  const ending = result?.ending ?? 'lost';
  return { code: 'child-run', message: `run ${label}: ${ending}`, values: { run: runId, label, ending } };
}
