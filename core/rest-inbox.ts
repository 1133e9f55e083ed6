import type { Decision } from './gate.ts';
import type { RunSummary } from './rest-pipelines.ts';
import type { Can, GateObject } from './rest.ts';

/** `GET me/inbox`: what needs me, what is broken now (UI §4.1). */
export interface InboxObject {
  /** Gates I may decide, oldest first. */
  waiting: InboxGate[];
  /** Parts of the installation that fail, for operators; of others none. */
  faults: InboxFault[];
  /** Pipelines whose default branch's last ended run did not succeed, newest first; without a default branch, whose last one. */
  broken: InboxBroken[];
  /** My runs of 24 hours, newest first. */
  mine: InboxRun[];
  /** What ends or is due within 14 days, soonest first. */
  soon: InboxSoon[];
  /** The last decisions, newest first; read only while nothing waits and nothing is broken. */
  decided: InboxDecision[];
}

export interface InboxGate {
  gate: GateObject;
  run: InboxRun;
  /** That of all stages behind the gate which have one; null when they have none, or several. */
  environment: string | null;
}

/** A run with what it belongs to. */
export interface InboxRun extends RunSummary {
  workspace: string;
  pipeline: { id: string; name: string };
  url: string;
  can: { rerun: Can };
}

/** The last ended run of a pipeline that is broken, and the first since it last succeeded. */
export interface InboxBroken extends InboxRun {
  first: { label: string; url: string; endedAt: string; commit: string | null };
}

/** A token of mine that expires, or a secret I may write that is to have another value (its `rotateDays`). */
export interface InboxSoon {
  kind: 'token' | 'secret';
  id: string;
  name: string;
  expiresAt: string;
  /** Null for a token. */
  organization: string | null;
  /** `org/workspace`; null for a token, and for a secret of the organization. */
  workspace: string | null;
}

export interface InboxDecision {
  gate: string;
  verdict: Decision['verdict'];
  /** Actor id: `user:ann`. */
  by: string;
  at: string;
  /** The run whose gate it is. */
  label: string;
  url: string;
  workspace: string;
}

/** A part of the installation that fails, as `GET system/health` has it. */
export interface InboxFault {
  /** Of the fact. */
  id: string;
  label: string;
  value: string;
  remedy: string | null;
  /** When this process of the API saw it first. */
  since: string;
}

/** An item of `GET search`. */
export interface SearchHit {
  kind: 'pipeline' | 'run' | 'environment' | 'person' | 'team';
  id: string;
  /** What people call it: `shop-api`, `shop-api#142`, `production`, `ann`. */
  name: string;
  /** Of people and teams the organization. */
  workspace: string;
  /** Of its page, below the address of the server. */
  url: string;
  /** Of a run: how it stands. */
  status: RunSummary['status'] | null;
}
