import type { Can } from './rest.ts';

/** Where a secret holds. The nearest to a stage wins: pipeline, environment, workspace, organization. */
export type SecretScope =
  | { kind: 'organization'; organization: string }
  | { kind: 'workspace'; workspace: string }
  | { kind: 'environment'; workspace: string; environment: string }
  | { kind: 'pipeline'; workspace: string; pipeline: string };

/** A secret as everybody sees it: never with a value. */
export interface SecretObject {
  id: string;
  /** Of the list it is in: `secrets:org/ws`, or `secrets:org`. */
  topic: string;
  /** Grows with each change; `ETag` is made of it. */
  seq: number;
  createdAt: string;
  updatedAt: string;
  updatedBy: string;
  name: string;
  scope: SecretScope;
  /** Of the value, from 1. */
  version: number;
  /** When the present value was set, and by whom; `updatedAt` is of any change. */
  setAt: string;
  setBy: string;
  /** After so many days the value is to be another; null is no rule. */
  rotateDays: number | null;
  /** A disabled one is released to nobody, nor is one of its name from farther away. */
  enabled: boolean;
  /** The newest release; null when there was none. */
  lastUsed: { at: string; run: string | null; stage: string } | null;
  /** What the one who set the value should know of it: only in the answer to that. */
  notices?: string[];
  can: { write: Can };
}

/** Body of `POST /secrets`; without a scope it is one of the workspace. */
export interface CreateSecretRequest {
  name: string;
  /** 1 byte to 64 KiB of text without NUL. */
  value: string;
  scope?:
    | { kind: 'organization' }
    | { kind: 'workspace' }
    | { kind: 'environment'; environment: string }
    | { kind: 'pipeline'; pipeline: string };
}

export interface SecretVersionObject {
  version: number;
  createdBy: string;
  createdAt: string;
  /** Whether stages get this one. */
  current: boolean;
}

/** One for each secret that a stage asked for. */
export interface SecretAccessObject {
  id: string;
  at: string;
  name: string;
  version: number | null;
  /** Label; null when the run is no more, as is its id. */
  run: string | null;
  runId: string | null;
  stage: string;
  attempt: number;
  /** Who started the run. */
  actor: string;
  verdict: 'released' | 'refused';
  /** Of a refusal. */
  code: string | null;
}

/** `GET secrets/:secret/receivers`: who would be given it, as the present texts of pipelines on the server declare. */
export interface SecretReceivers {
  items: SecretReceiver[];
  /** Of so many pipelines the texts were read; the others may receive it too. */
  pipelines: { looked: number; total: number };
}

export interface SecretReceiver {
  workspace: string;
  pipeline: string;
  /** Of the text. */
  version: number;
  /** Base name: legs of a matrix ask alike. */
  stage: string;
  environment: string | null;
}
