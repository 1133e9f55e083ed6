import type { SecretAccessObject, SecretObject, SecretScope, SecretVersionObject } from '#core/rest-secrets.ts';
import type { SecretAccessFacts, SecretVersionFacts, SecretWithNames } from '#db/queries/secrets.ts';
import { explainAction } from '../access/authorize.ts';
import type { Principal } from '../access/principal.ts';

/** The secret as the principal sees it: field by field, so that nothing of a row comes along unseen. */
export function toSecretObject(row: SecretWithNames, principal: Principal): SecretObject {
  return {
    id: row.id,
    topic: `secrets:${row.workspace ?? row.organization}`,
    seq: row.revision,
    createdAt: row.createdAt,
    updatedAt: row.updatedAt,
    updatedBy: row.updatedBy,
    name: row.name,
    scope: describeScope(row),
    version: row.version,
    setAt: row.setAt,
    setBy: row.setBy,
    rotateDays: row.rotateDays,
    enabled: row.disabledAt === null,
    lastUsed: row.lastAt === null ? null : { at: row.lastAt, run: row.lastRun, stage: row.lastStage ?? '' },
    can: { write: explainAction(principal, 'secret:write', row) },
  };
}

function describeScope({ organization, workspace, environment, pipeline }: SecretWithNames): SecretScope {
  if (workspace === null) return { kind: 'organization', organization };
  if (pipeline !== null) return { kind: 'pipeline', workspace, pipeline };
  if (environment !== null) return { kind: 'environment', workspace, environment };
  return { kind: 'workspace', workspace };
}

export function toSecretVersionObject(row: SecretVersionFacts, current: number): SecretVersionObject {
  const { version, createdBy, createdAt } = row;
  return { version, createdBy, createdAt, current: version === current };
}

export function toSecretAccessObject(row: SecretAccessFacts): SecretAccessObject {
  const { id, at, name, version, actor, verdict, code } = row;
  return {
    id,
    at,
    name,
    version,
    run: row.label,
    runId: row.runId,
    stage: row.stage ?? '',
    attempt: row.attempt ?? 0,
    actor,
    verdict,
    code,
  };
}
