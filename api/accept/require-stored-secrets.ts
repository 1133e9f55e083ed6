import { listStoredSecrets } from '#db/queries/stored-secrets.ts';
import type { Starter } from './commit-run.ts';
import { refuseMissing } from './require-secrets.ts';

/** A run on the server takes its secrets from the store alone. Throws 422 `secret-missing` with the names it has not. */
export async function requireStoredSecrets(
  starter: Pick<Starter, 'data'>,
  pipeline: { id: string | null; name: string | null; workspaceId: string; organizationId: string },
  names: readonly string[],
): Promise<void> {
  if (names.length === 0) return;
  const kept = await starter.data((scoped) => listStoredSecrets(scoped, pipeline, names));
  refuseMissing(
    names.filter((name) => !kept.includes(name)),
    `keep it: buildit secrets set NAME${pipeline.name === null ? '' : ` --pipeline ${pipeline.name}`}`,
  );
}
