import type { Queryable } from '#db/client.ts';

/**
 * Secret values of a run on a laptop (ENGINE 15): sealed (AES-256-GCM, key file 0600 in
 * the data folder) from acceptance to the run's end. Values are in memory only while a
 * stage starts.
 */
export interface RunSecretStore {
  seal(runId: string, values: Readonly<Record<string, string>>): Promise<void>;
  /** Remembers an absolute path of a dotenv file that is read when a stage starts. */
  point(runId: string, secretFile: string): Promise<void>;
  /** Values of the names asked for; the file wins over sealed ones. Missing names are absent. */
  open(runId: string, names: readonly string[]): Promise<Record<string, string>>;
  /** Where a name would come from, without its value; for a retry. */
  describe(runId: string): Promise<{ secretFile: string | null; names: string[] }>;
  /** Runs of which something is kept that was not written for `ageMs`. */
  list(ageMs: number): Promise<string[]>;
  forget(runId: string): Promise<void>;
}

/** Where a secret holds: all of an organization, a workspace, or one environment or pipeline of a workspace. */
export interface SecretPlace {
  organizationId: string;
  workspaceId: string | null;
  /** Not together with a pipeline. */
  environmentId: string | null;
  pipelineId: string | null;
}

/** A secret without its value. */
export interface SecretRecord extends SecretPlace {
  id: string;
  name: string;
  /** Of the value, from 1. */
  version: number;
  /** Counts every change, also those that leave the value. */
  revision: number;
  /** Set: no stage gets it, nor one of the same name from farther away. */
  disabledAt: string | null;
  updatedBy: string;
  updatedAt: string;
  createdAt: string;
}

/**
 * Runs `write` in a transaction of the caller, who adds there what belongs to the change (its audit). Called at most
 * once, after everything that can fail without a database has been done.
 */
export type Commit = (write: (transaction: Queryable) => Promise<SecretRecord>) => Promise<SecretRecord>;

/** What a change of a known secret is based on: it must still have this revision, else the fault `secret-changed`. */
export interface SecretChange {
  id: string;
  revision: number;
  /** Actor: `user:ann`. */
  by: string;
}

/**
 * Outputs of stages that are secret (LANGUAGE §9). What is sealed for a run opens for every run of its organization, so
 * that a re-run may carry it. Both may be called at any time, by any worker.
 */
export interface OutputSealer {
  /** A text as `core/sealed-text.ts` marks it. Throws the faults of the master key. */
  seal(runId: string, text: string): Promise<string>;
  /** Throws the fault `text-unsealable`. */
  open(runId: string, sealed: string): Promise<string>;
}

/** What a stage asks for, just before it starts. */
export interface ReleaseRequest {
  runId: string;
  /** Leg. */
  stage: string;
  attempt: number;
  /** Name of the stage's environment; null for a stage without. */
  environment: string | null;
  names: readonly string[];
}

/**
 * Named secrets of a server, in versions. Nobody reads a value through it but a stage that starts. All verbs may run at
 * once in several processes; changes of one secret exclude each other by its revision. Values are text without NUL.
 */
export interface SecretStore {
  /** A new secret with its first value. Throws the fault `secret-exists` for a name that the place has. */
  create(
    secret: { place: SecretPlace; name: string; value: string; by: string },
    commit: Commit,
  ): Promise<SecretRecord>;
  /** Another value, as the next version: a new one, or that of an earlier version (fault `secret-version-unknown`). */
  replace(
    change: SecretChange & ({ value: string } | { restoredVersion: number }),
    commit: Commit,
  ): Promise<SecretRecord>;
  /** Keeps its versions and releases none, until it is enabled again. */
  setDisabled(change: SecretChange & { isDisabled: boolean }, commit: Commit): Promise<SecretRecord>;
  /** Forgets it with all versions. What it was given to stays on record. Answers what it was. */
  remove(change: SecretChange, commit: Commit): Promise<SecretRecord>;
  /**
   * Of each name the secret that holds at a place: the nearest of pipeline, environment, workspace, organization.
   * Names that are no secret there are absent.
   */
  find(place: SecretPlace, names: readonly string[]): Promise<SecretRecord[]>;
  /**
   * The values a stage of an open run starts with, nearest place first; absent names have none, or are disabled. Every
   * name leaves an access record, also a refused one, before a value is answered. Throws the faults `run-unknown`,
   * `secret-run-over`, `secret-unsealable` and those of the master key. May be repeated: each is a release of its own.
   */
  release(request: ReleaseRequest): Promise<Record<string, string>>;
  /** Seals anew what is under keys that were replaced. To be called at any time; does nothing when all is new. */
  renewKeys(): Promise<void>;
}
