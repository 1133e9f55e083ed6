import { inWorkspaces, type Scoped } from '../scope.ts';
import { listQuotas, type QuotaRow } from './quotas.ts';

/** A quota with a limit that is used up. */
export type FullQuota = QuotaRow & { value: number };

/** How a workspace shares with others, and whether its runs have to be counted before one more is let in. */
export async function findShare(scoped: Scoped, workspaceId: string): Promise<{ weight: number; isLimited: boolean }> {
  const [row] = await scoped<{ weight: number; isLimited: boolean }[]>`
    SELECT weight, EXISTS (
        SELECT FROM quotas
        WHERE quotas.workspace_id = workspaces.id AND value IS NOT NULL AND kind <> 'stages-at-once') AS is_limited
    FROM workspaces WHERE id = ${workspaceId} AND ${inWorkspaces(scoped, 'workspaces.id')}`;
  return row ?? { weight: 1, isLimited: false };
}

/**
 * The quota by which one more run of a workspace is not let in, if there is one. With a quota runs of the workspace pass
 * one at a time, until the transaction ends, so that none is counted twice. Stages at once are waited for, never refused.
 */
export async function findFullQuota(scoped: Scoped, workspaceId: string): Promise<FullQuota | null> {
  await lockQuotas(scoped, workspaceId);
  const rows = await listQuotas(scoped, workspaceId, 'limited');
  return rows.find(isFull) ?? null;
}

function isFull(row: QuotaRow): row is FullQuota {
  return row.kind !== 'stages-at-once' && row.value !== null && row.used >= row.value;
}

/** Until the transaction ends nobody else is let in by these quotas. */
async function lockQuotas(scoped: Scoped, workspaceId: string): Promise<void> {
  await scoped`
    SELECT FROM quotas
    WHERE workspace_id = ${workspaceId} AND kind <> 'stages-at-once' AND ${inWorkspaces(scoped)}
    ORDER BY kind FOR UPDATE`;
}
