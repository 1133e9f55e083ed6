import type { RunSummary } from './rest-pipelines.ts';
import type { GateObject } from './rest.ts';

/** `GET me/inbox`: what needs me, what is broken now (UI §4.1). */
export interface InboxObject {
  /** Gates I may decide, oldest first. */
  waiting: { gate: GateObject; run: InboxRun }[];
  /** Pipelines whose last ended run did not succeed, newest first. */
  broken: InboxRun[];
  /** My runs of 24 hours, newest first. */
  mine: InboxRun[];
  /** What of mine ends within 14 days, soonest first. */
  soon: { kind: 'token'; id: string; name: string; expiresAt: string }[];
}

/** A run with what it belongs to. */
export interface InboxRun extends RunSummary {
  workspace: string;
  pipeline: { id: string; name: string };
  url: string;
}

/** An item of `GET search`. */
export interface SearchHit {
  kind: 'pipeline' | 'run' | 'environment';
  id: string;
  /** What people call it: `shop-api`, `shop-api#142`, `production`. */
  name: string;
  workspace: string;
  /** Of its page, below the address of the server. */
  url: string;
  /** Of a run: how it stands. */
  status: RunSummary['status'] | null;
}
