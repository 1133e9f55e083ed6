import type { Plan } from '#core/plan.ts';
import type { PipelineWithNames } from '#db/queries/pipelines.ts';
import type { ApiContext } from '../context.ts';
import { ProblemError } from '../problem.ts';

/**
 * The process executor isolates nothing from the account it runs as: on a server it runs the bundled samples, and other
 * pipelines where the setting says so (ENGINE 21). Throws 422 `process-executor-off`.
 */
export function requireExecutors(context: ApiContext, pipeline: Pick<PipelineWithNames, 'origin'>, plan: Plan): void {
  if (pipeline.origin === 'sample' || context.settings.processExecutor) return;
  const names = plan.nodes.flatMap((node) => (node.kind === 'stage' && node.executor === 'process' ? [node.name] : []));
  if (names.length === 0) return;
  const noun = names.length === 1 ? 'stage' : 'stages';
  throw new ProblemError(422, 'process-executor-off', `${noun} ${names.slice(0, 5).join(', ')} would run unisolated`, {
    cause: 'this server runs stages in containers alone: executor "process" isolates nothing from its account',
    hint: 'give the stages an image and executor "docker", or let the server do it: BUILDIT_PROCESS_EXECUTOR=on',
    errors: names.map((name) => ({
      pointer: `/stages/${name}`,
      code: 'process-executor-off',
      message: `${name} has executor "process"`,
    })),
  });
}
