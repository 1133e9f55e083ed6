import type { Plan } from '#core/plan.ts';
import { listStageSecrets } from '#core/stage-texts.ts';
import { listStoredSecrets } from '#db/queries/stored-secrets.ts';
import type { Starter } from './commit-run.ts';
import { refuseMissing } from './require-secrets.ts';

/**
 * A run on the server takes its secrets from the store alone, each stage those of its environment first. Throws 422
 * `secret-missing` with the names it has not.
 */
export async function requireStoredSecrets(
  starter: Pick<Starter, 'data'>,
  pipeline: { id: string | null; name: string | null; workspaceId: string; organizationId: string },
  plan: Pick<Plan, 'nodes'>,
): Promise<void> {
  const missing: string[] = [];
  for (const [environment, names] of groupByEnvironment(plan)) {
    const kept = await starter.data((scoped) => listStoredSecrets(scoped, pipeline, environment, [...names]));
    missing.push(...[...names].filter((name) => !kept.includes(name)));
  }
  refuseMissing(
    [...new Set(missing)].toSorted(),
    `keep it: buildit secrets set NAME${pipeline.name === null ? '' : ` --pipeline ${pipeline.name}`}`,
  );
}

function groupByEnvironment({ nodes }: Pick<Plan, 'nodes'>): Map<string | null, Set<string>> {
  const groups = new Map<string | null, Set<string>>();
  for (const node of nodes) {
    if (node.kind === 'gate') continue;
    const environment = node.environment ?? null;
    const names = listStageSecrets(node);
    if (names.length > 0) groups.set(environment, new Set([...(groups.get(environment) ?? []), ...names]));
  }
  return groups;
}
