/** Something that was done, or refused (UI §4.14). */
export interface AuditEventObject {
  id: string;
  /** Place in the organization's chain, from 1 without a gap. */
  seq: number;
  at: string;
  organization: string;
  /** `org/workspace`; null for what concerns the organization, and when the workspace is no more. */
  workspace: string | null;
  /** `user:ann`, `token:ci`, `user:local`. */
  actor: string;
  /** Kind of object and verb: `secret.set`; of what was refused the request's name: `setSecret`. */
  action: string;
  object: { kind: string; id: string; name: string };
  verdict: 'done' | 'refused';
  /** Why it was refused. */
  code: string | null;
  /** Where the request came from; `local` for the unix socket. */
  address: string;
  requestId: string;
  /** Before and after; secrets by their names. */
  detail: Record<string, unknown>;
  /** SHA-256 over the row before and this one's content. */
  hash: string;
}

/** `GET audit/verify`. */
export interface AuditVerification {
  verdict: 'intact' | 'broken';
  /** Rows looked at: all, or those up to the first bad one. */
  rows: number;
  verifiedAt: string;
  /** The end of the chain; noted elsewhere it shows later that nobody wrote the whole chain anew. */
  head: { seq: number; hash: string } | null;
  /** The first row that is not what it was. */
  broken: AuditBreak | null;
}

/** `GET audit/chain`: the same as far as it is known by now, for a page. */
export interface AuditChainObject {
  /** `unfinished`: no walk has come to the end since the server started. */
  verdict: 'intact' | 'broken' | 'unfinished';
  /** All that was done before is what it was; null when nothing is known yet. */
  verifiedUpTo: string | null;
  /** Null also of a broken one for who may not read the audit of the whole organization. */
  broken: AuditBreak | null;
}

export interface AuditBreak {
  seq: number;
  /** Null when the row is gone. */
  id: string | null;
  /**
   * `altered`: its content has another digest. `unchained`: it does not follow the row before. `missing`: no row has
   * this place. `added`: the chain ended before it.
   */
  reason: 'altered' | 'unchained' | 'missing' | 'added';
  detail: string;
}
