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
  const actors = listApprovers(decisions);
  if (rules.approve.length === 0) {
    return actors.length > 0 ? [] : [{ from: 'anyone', min: 1 }];
  }
  const assigned = assignPeople(rules.approve, actors);
  return rules.approve.flatMap((rule, index) => {
    const missing = rule.min - (assigned[index]?.length ?? 0);
    return missing > 0 ? [{ from: rule.from, min: missing }] : [];
  });
}

/** By rule, in the order of the file, who counts for it. */
export function listMet(rules: readonly ApproveRule[], decisions: readonly Decision[]): Actor[][] {
  return assignPeople(rules, listApprovers(decisions));
}

function listApprovers(decisions: readonly Decision[]): Actor[] {
  return decisions.flatMap(({ verdict, actor }) => (verdict === 'approve' ? [actor] : []));
}

/** Whether a person can count for a rule. */
export function canCount(rule: ApproveRule, actor: Actor): boolean {
  return rule.from === actor.id || actor.teams.some((team) => rule.from === `team:${team}`);
}

/**
 * Whom each rule gets when every person counts once and as many places as
 * possible are filled: maximum bipartite matching by augmenting paths (Kuhn). Without it
 * an early `team:sre` vote of Ann could block her own `user:ann` rule.
 */
function assignPeople(rules: readonly ApproveRule[], actors: readonly Actor[]): Actor[][] {
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
  return rules.map((_, rule) => people.filter((_person, index) => places[holder[index] ?? -1] === rule));
}
