import { inWorkspaces, type Scoped } from '../scope.ts';

/** How a workspace shares with others, and whether its runs have to be counted before one more is let in. */
export async function findShare(scoped: Scoped, workspaceId: string): Promise<{ weight: number; isLimited: boolean }> {
  const [row] = await scoped<{ weight: number; isLimited: boolean }[]>`
    SELECT weight, EXISTS (
        SELECT FROM quotas
        WHERE quotas.workspace_id = workspaces.id AND value IS NOT NULL AND kind <> 'stages-at-once') AS is_limited
    FROM workspaces WHERE id = ${workspaceId} AND ${inWorkspaces(scoped, 'workspaces.id')}`;
  return row ?? { weight: 1, isLimited: false };
}

/** Until the transaction ends nobody else is let in by these quotas. */
export async function lockQuotas(scoped: Scoped, workspaceId: string): Promise<void> {
  await scoped`
    SELECT FROM quotas
    WHERE workspace_id = ${workspaceId} AND kind <> 'stages-at-once' AND ${inWorkspaces(scoped)}
    ORDER BY kind FOR UPDATE`;
}
