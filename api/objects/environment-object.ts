import type { EnvironmentObject } from '#core/rest-environments.ts';
import type { EnvironmentWithNames } from '#db/queries/environments.ts';
import { explainAction } from '../access/authorize.ts';
import type { Principal } from '../access/principal.ts';

/** The environment as the principal sees it. */
export function toEnvironmentObject(row: EnvironmentWithNames, principal: Principal): EnvironmentObject {
  const right = explainAction(principal, 'environment:write', row);
  return {
    id: row.id,
    topic: `environment:${row.id}`,
    seq: row.version,
    createdAt: row.createdAt,
    workspace: row.workspace,
    name: row.name,
    description: row.description,
    position: row.position,
    lock: row.lock,
    can: { write: right, lock: right },
  };
}
