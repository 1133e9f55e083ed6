import { v7 as createId } from 'uuid';
import { FaultError, faultOf, NO_RETRY } from '#core/fault.ts';
import type { Database } from '#db/client.ts';
import {
  findNearestSecrets,
  findReleasingRun,
  insertSecretAccesses,
  type NewSecretAccess,
  type ReleasingRun,
} from '#db/queries/release-secrets.ts';
import type { SecretRow } from '#db/rows.ts';
import type { ReleaseRequest } from './port.ts';

/** Opens the value of a version; null when there is none. */
type OpenValue = (secret: SecretRow, version: number) => Promise<Buffer | null>;

/** What became of one name. */
type Verdict =
  | { kind: 'released'; name: string; secret: SecretRow; value: string }
  | { kind: 'refused'; name: string; secret: SecretRow | null; code: string; thrown?: unknown };

/**
 * Releases what a stage asked for; see `SecretStore.release`. The access records are written before any value is
 * answered: a release nobody could read of later does not happen.
 */
export async function releaseSecrets(
  database: Database,
  request: ReleaseRequest,
  openValue: OpenValue,
): Promise<Record<string, string>> {
  const run = await findReleasingRun(database, request);
  if (!run) throw createRefusal('run-unknown', request, 'there is no such run or stage');
  const verdicts = run.isOpen ? await decide(database, request, run, openValue) : refuseAll(request);
  const broken = verdicts.find((verdict) => verdict.kind === 'refused' && verdict.thrown !== undefined);
  // With one that cannot be opened none is answered.
  const settled = broken ? verdicts.filter(({ kind }) => kind === 'refused') : verdicts;
  await insertSecretAccesses(
    database,
    settled.map((verdict) => describeAccess(request, run, verdict)),
  );
  if (broken?.kind === 'refused') throw broken.thrown;
  if (!run.isOpen) throw createRefusal('secret-run-over', request, 'the run or the attempt is over');
  return Object.fromEntries(
    verdicts.flatMap((verdict) => (verdict.kind === 'released' ? [[verdict.name, verdict.value]] : [])),
  );
}

async function decide(
  database: Database,
  request: ReleaseRequest,
  run: ReleasingRun,
  openValue: OpenValue,
): Promise<Verdict[]> {
  const found = await findNearestSecrets(database, run, request.names);
  const byName = new Map(found.map((secret) => [secret.name, secret]));
  return Promise.all(request.names.map((name) => decideOne(name, byName.get(name) ?? null, openValue)));
}

async function decideOne(name: string, secret: SecretRow | null, openValue: OpenValue): Promise<Verdict> {
  if (!secret) return { kind: 'refused', name, secret, code: 'secret-missing' };
  if (secret.disabledAt !== null) return { kind: 'refused', name, secret, code: 'secret-disabled' };
  try {
    const value = await openValue(secret, secret.version);
    if (value) return { kind: 'released', name, secret, value: value.toString('utf8') };
    return { kind: 'refused', name, secret, code: 'secret-missing' };
  } catch (thrown) {
    return { kind: 'refused', name, secret, code: faultOf(thrown)?.code ?? 'internal', thrown };
  }
}

function refuseAll(request: ReleaseRequest): Verdict[] {
  return request.names.map((name) => ({ kind: 'refused', name, secret: null, code: 'secret-run-over' }));
}

function describeAccess(request: ReleaseRequest, run: ReleasingRun, verdict: Verdict): NewSecretAccess {
  const { organizationId, workspaceId, startedBy } = run;
  return {
    ...{ id: createId(), organizationId, workspaceId, actor: startedBy },
    ...{ runId: request.runId, stage: request.stage, attempt: request.attempt },
    ...{ secretId: verdict.secret?.id ?? null, name: verdict.name, version: verdict.secret?.version ?? null },
    ...{ verdict: verdict.kind, code: verdict.kind === 'refused' ? verdict.code : null },
  };
}

function createRefusal(code: string, request: ReleaseRequest, cause: string): FaultError {
  return new FaultError({
    code,
    message: `No secret is released to attempt ${request.attempt} of ${request.stage}`,
    cause,
    retry: NO_RETRY,
  });
}
