import { isId } from '../id.ts';
import type { Scoped } from '../scope.ts';
import { inWorkspaces } from '../scope.ts';

/** Where an object belongs. */
export interface OwnerRow {
  organizationId: string;
  workspaceId: string;
}

/** Of a run by its id or label. */
export async function findRunOwner(scoped: Scoped, reference: string): Promise<OwnerRow | null> {
  const column = isId(reference) ? 'id' : 'label';
  const [row] = await scoped<OwnerRow[]>`
    SELECT workspaces.organization_id, runs.workspace_id
    FROM runs JOIN workspaces ON workspaces.id = runs.workspace_id
    WHERE ${scoped(`runs.${column}`)} = ${reference} AND ${inWorkspaces(scoped, 'runs.workspace_id')}`;
  return row ?? null;
}
