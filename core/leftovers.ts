/**
 * What is swept, each under one word. `runs`: logs, artifacts and sources of runs past the days they are kept; `space`:
 * of those that ended longest ago, beyond the bytes that all may hold; `artifacts`: past their own `expire`; `strays`:
 * logs and artifacts of runs that nobody knows, and what is left of trials of the store; `chunks`: of no artifact;
 * `snapshots`: sources that no kept run begins from, with their contents; `caches`: stored entries that nobody can find;
 * `hosts`: what ended runs left on the machines (containers, networks, volumes, folders); `secrets`: sealed for runs
 * that are over; `answers`: of idempotency keys.
 */
export const LEFTOVER_KINDS = [
  'runs',
  'space',
  'artifacts',
  'strays',
  'chunks',
  'snapshots',
  'caches',
  'hosts',
  'secrets',
  'answers',
] as const;

export type LeftoverKind = (typeof LEFTOVER_KINDS)[number];

/** What of a kind would go, or has gone. */
export interface Leftover {
  kind: LeftoverKind;
  count: number;
  /** Null where nobody knows. */
  bytes: number | null;
  /** ISO; null of none, and where nobody knows. */
  oldestAt: string | null;
}

/** What was swept, or would be. */
export interface SweepReport {
  leftovers: Leftover[];
  /** What could not be looked at or removed, in words. */
  troubles: string[];
}

/** How long what runs left is kept. */
export interface Retention {
  /** From the end of a run on, unless its workspace says otherwise. */
  days: number;
  /** What logs and artifacts may hold together; null is no limit. */
  bytes: number | null;
}
