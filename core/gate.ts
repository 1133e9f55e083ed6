/** Rules of a gate (LANGUAGE §7). All must be met; one person counts once over all of them. */
export interface GateRules {
  /** Empty only for `manual`: then any one member who may run the pipeline passes it. */
  approve: ApproveRule[];
  noSelf: boolean;
  fields: GateField[];
  expiresMs: number | null;
  onExpire: 'reject' | 'approve';
  remindMs: number | null;
  /** Cron expression of the minutes in which the gate may open, with its time zone. */
  window: { cron: string; timezone: string } | null;
  /** True for `manual #true`. */
  manual: boolean;
}

/** `from` is `user:NAME` or `team:NAME`. */
export interface ApproveRule {
  from: string;
  min: number;
}

export interface GateField {
  name: string;
  type: 'string' | 'number' | 'boolean' | 'enum';
  /** RE2 pattern of a string. */
  match: string | null;
  values: string[];
  required: boolean;
  default: string | null;
  description: string | null;
}

/**
 * Who decides, as the API has established it. `teams` are those the person is known to be
 * in; with `--as team:T/NAME` on the local engine they are claimed, not verified.
 */
export interface Actor {
  /** `user:ann` */
  id: string;
  teams: string[];
  verified: boolean;
}

export interface Decision {
  /** Idempotency key of the request; the update id. */
  id: string;
  verdict: 'approve' | 'reject';
  actor: Actor;
  comment: string | null;
  fields: Record<string, string>;
  /** Digest of the plan the decider saw. */
  planDigest: string;
  at: string;
}

/** Rules still unmet, in the order of the file; empty means the gate may open. */
export function listUnmet(rules: GateRules, decisions: readonly Decision[]): ApproveRule[] {
  const approvals = decisions.filter((decision) => decision.verdict === 'approve');
  if (rules.approve.length === 0) {
    return approvals.length > 0 ? [] : [{ from: 'anyone', min: 1 }];
  }
  const assigned = assignPeople(
    rules.approve,
    approvals.map((decision) => decision.actor),
  );
  return rules.approve.flatMap((rule, index) => {
    const missing = rule.min - (assigned[index] ?? 0);
    return missing > 0 ? [{ from: rule.from, min: missing }] : [];
  });
}

/** Whether a person can count for a rule. */
export function canCount(rule: ApproveRule, actor: Actor): boolean {
  return rule.from === actor.id || actor.teams.some((team) => rule.from === `team:${team}`);
}

/**
 * How many people each rule gets when every person counts once and as many places as
 * possible are filled: maximum bipartite matching by augmenting paths (Kuhn). Without it
 * an early `team:sre` vote of Ann could block her own `user:ann` rule.
 */
function assignPeople(rules: readonly ApproveRule[], actors: readonly Actor[]): number[] {
  const people = [...new Map(actors.map((actor) => [actor.id, actor])).values()];
  const places = rules.flatMap((rule, index) => Array.from({ length: Math.min(rule.min, people.length) }, () => index));
  const holder = people.map(() => -1);
  const place = (slot: number, seen: Set<number>): boolean => {
    const rule = rules[places[slot] ?? -1];
    if (!rule) return false;
    return people.some((person, index) => {
      if (seen.has(index) || !canCount(rule, person)) return false;
      seen.add(index);
      const current = holder[index] ?? -1;
      if (current !== -1 && !place(current, seen)) return false;
      holder[index] = slot;
      return true;
    });
  };
  for (let slot = 0; slot < places.length; slot++) place(slot, new Set());
  const counts = rules.map(() => 0);
  for (const slot of holder) {
    const rule = places[slot];
    if (rule !== undefined) counts[rule] = (counts[rule] ?? 0) + 1;
  }
  return counts;
}
