import { isId } from '../id.ts';
import { inWorkspaces, type Scoped } from '../scope.ts';
import { findRun } from './find-run.ts';

/** Where an object belongs. */
export interface OwnerRow {
  /** Of the object itself: a reference may have been a name. */
  id: string;
  organizationId: string;
  workspaceId: string;
}

/** Of a run by any of its references. */
export async function findRunOwner(scoped: Scoped, reference: string): Promise<OwnerRow | null> {
  return findRun(scoped, reference);
}

/** Of what names its workspace itself, by its id. */
export async function findOwnerOfPart(
  scoped: Scoped,
  table: 'gates' | 'artifacts' | 'commands' | 'webhooks',
  id: string,
): Promise<OwnerRow | null> {
  if (!isId(id)) return null;
  const [row] = await scoped<OwnerRow[]>`
    SELECT part.id, part.workspace_id, workspaces.organization_id
    FROM ${scoped(table)} AS part JOIN workspaces ON workspaces.id = part.workspace_id
    WHERE part.id = ${id} AND ${inWorkspaces(scoped, 'part.workspace_id')}`;
  return row ?? null;
}
