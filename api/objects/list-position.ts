import { readHorizon } from '#db/queries/changes.ts';
import type { Scoped } from '#db/scope.ts';

/**
 * Where a list stands, read before its rows: what changes later comes with the topic. Only a list of one workspace has
 * a topic of its own.
 */
export async function readListPosition(
  scoped: Scoped,
  kind: 'runs' | 'pipelines',
  workspace: string | null,
): Promise<{ topic: string; seq: number } | Record<string, never>> {
  if (workspace === null) return {};
  return { topic: `${kind}:${workspace}`, seq: await readHorizon(scoped) };
}
