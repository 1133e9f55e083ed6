import { v7 as createId } from 'uuid';
import { FaultError, NO_RETRY } from '#core/fault.ts';
import { markSealed, readSealed } from '#core/sealed-text.ts';
import type { OutputSealer, ReleaseRequest, SecretChange, SecretPlace, SecretRecord, SecretStore } from './port.ts';

/** A run as far as a release depends on it. */
export interface ReleasableRun extends SecretPlace {
  isOpen: boolean;
}

/** One entry of the access log. */
export interface SecretAccess {
  runId: string;
  stage: string;
  attempt: number;
  name: string;
  version: number | null;
  verdict: 'released' | 'refused';
  code: string | null;
}

export interface MemorySecretStore extends SecretStore {
  /** Runs that may ask; a test puts them here. */
  readonly runs: Map<string, ReleasableRun>;
  /** Ids of environments by their name, of any workspace. */
  readonly environments: Map<string, string>;
  readonly accesses: SecretAccess[];
}

/** The fake of the port: the same answers without a database and without seals. For tests. */
export function memorySecretStore(): MemorySecretStore {
  const secrets = new Map<string, { record: SecretRecord; values: string[] }>();
  const runs = new Map<string, ReleasableRun>();
  const environments = new Map<string, string>();
  const accesses: SecretAccess[] = [];

  function findNearest(place: SecretPlace, name: string) {
    const holding = [...secrets.values()].filter(({ record }) => record.name === name && holdsAt(record, place));
    return holding.toSorted((left, right) => distanceOf(left.record) - distanceOf(right.record))[0];
  }

  function require({ id, revision }: SecretChange) {
    const known = secrets.get(id);
    if (known?.record.revision === revision) return known;
    throw createFault('secret-changed', 'The secret was changed or deleted meanwhile');
  }

  return {
    runs,
    environments,
    accesses,
    create: ({ place, name, value, by }, commit) =>
      commit(async () => {
        const isTaken = [...secrets.values()].some(({ record }) => record.name === name && isSamePlace(record, place));
        if (isTaken) throw createFault('secret-exists', `There is a secret ${name} already`);
        const at = new Date().toISOString();
        const record: SecretRecord = {
          ...{ ...place, id: createId(), name, version: 1, revision: 1, disabledAt: null },
          ...{ updatedBy: by, updatedAt: at, createdAt: at },
        };
        secrets.set(record.id, { record, values: [value] });
        return record;
      }),
    replace: (change, commit) =>
      commit(async () => {
        const known = secrets.get(change.id);
        const value = 'value' in change ? change.value : known?.values[change.restoredVersion - 1];
        if (known && value === undefined) throw createFault('secret-version-unknown', 'There is no such version');
        const { record, values } = require(change);
        return update(record, [...values, value ?? ''], { version: record.version + 1, updatedBy: change.by });
      }),
    setDisabled: (change, commit) =>
      commit(async () => {
        const { record, values } = require(change);
        const disabledAt = change.isDisabled ? (record.disabledAt ?? new Date().toISOString()) : null;
        return update(record, values, { disabledAt, updatedBy: change.by });
      }),
    remove: (change, commit) =>
      commit(async () => {
        const { record } = require(change);
        secrets.delete(change.id);
        return record;
      }),
    find: async (place, names) =>
      names.flatMap((name) => {
        const found = findNearest(place, name);
        return found ? [found.record] : [];
      }),
    async release(request) {
      const run = runs.get(request.runId);
      if (!run) throw createFault('run-unknown', 'No secret is released: there is no such run');
      const values: Record<string, string> = {};
      const environmentId = environments.get(request.environment ?? '') ?? null;
      for (const name of request.names) {
        const found = run.isOpen ? findNearest({ ...run, environmentId }, name) : undefined;
        const code = explainRefusal(run, found?.record);
        accesses.push(describeAccess(request, name, found?.record.version ?? null, code));
        const value = code === null ? found?.values.at(-1) : undefined;
        if (value !== undefined) values[name] = value;
      }
      if (!run.isOpen) throw createFault('secret-run-over', 'No secret is released: the run or the attempt is over');
      return values;
    },
    renewKeys: async () => {},
  };

  function update(record: SecretRecord, values: string[], changes: Partial<SecretRecord>): SecretRecord {
    const next = { ...record, ...changes, revision: record.revision + 1, updatedAt: new Date().toISOString() };
    secrets.set(record.id, { record: next, values });
    return next;
  }
}

/** Whether a secret of `held` is one of those at `place`. */
function holdsAt(held: SecretPlace, place: SecretPlace): boolean {
  const isNullOr = (one: string | null, other: string | null) => one === null || one === other;
  return (
    held.organizationId === place.organizationId &&
    isNullOr(held.workspaceId, place.workspaceId) &&
    isNullOr(held.environmentId, place.environmentId) &&
    isNullOr(held.pipelineId, place.pipelineId)
  );
}

/** Pipeline before environment before workspace before organization. */
function distanceOf(held: SecretPlace): number {
  if (held.pipelineId !== null) return 0;
  if (held.environmentId !== null) return 1;
  return held.workspaceId !== null ? 2 : 3;
}

function isSamePlace(left: SecretPlace, right: SecretPlace): boolean {
  return holdsAt(left, right) && distanceOf(left) === distanceOf(right);
}

function explainRefusal(run: ReleasableRun, secret: SecretRecord | undefined): string | null {
  if (!run.isOpen) return 'secret-run-over';
  if (!secret) return 'secret-missing';
  return secret.disabledAt === null ? null : 'secret-disabled';
}

function describeAccess(
  { runId, stage, attempt }: ReleaseRequest,
  name: string,
  version: number | null,
  code: string | null,
): SecretAccess {
  return { runId, stage, attempt, name, version, verdict: code === null ? 'released' : 'refused', code };
}

function createFault(code: string, message: string): FaultError {
  return new FaultError({ code, message, retry: NO_RETRY });
}

/** Seals nothing: for tests of what is done with sealed outputs. */
export function memoryOutputSealer(): OutputSealer {
  return {
    seal: async (_, text) => markSealed(Buffer.from(text).toString('base64')),
    open: async (_, text) => Buffer.from(readSealed(text) ?? '', 'base64').toString('utf8'),
  };
}
