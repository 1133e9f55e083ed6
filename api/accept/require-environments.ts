import type { Plan } from '#core/plan.ts';
import { listUnknownEnvironments } from '#db/queries/run-environments.ts';
import type { Scoped } from '#db/scope.ts';
import { ProblemError } from '../problem.ts';

/** On a server somebody has made an environment before a stage delivers to it. Throws 422 `environment-unknown`. */
export async function requireEnvironments(
  scoped: Scoped,
  { workspaceId, workspace, compiled }: { workspaceId: string; workspace: string; compiled: Pick<Plan, 'nodes'> },
): Promise<void> {
  const stages = compiled.nodes.flatMap((node) => (node.kind === 'stage' && node.environment ? [node] : []));
  const names = [...new Set(stages.map((stage) => stage.environment ?? ''))];
  if (names.length === 0) return;
  const unknown = await listUnknownEnvironments(scoped, workspaceId, names);
  if (unknown.length === 0) return;
  const noun = unknown.length === 1 ? 'environment' : 'environments';
  throw new ProblemError(422, 'environment-unknown', `${workspace} has no ${noun} ${unknown.join(', ')}`, {
    hint: 'make it first: POST /api/v1/environments, or look for a misspelling: buildit environments list',
    errors: stages
      .filter((stage) => unknown.includes(stage.environment ?? ''))
      .map((stage) => ({
        pointer: `/stages/${stage.name}`,
        code: 'environment-unknown',
        message: `${stage.name} has environment "${stage.environment}"`,
      })),
  });
}
