import { condition, sleep } from '@temporalio/workflow';
import type { Reason } from '#core/attempt.ts';
import type { Ending } from '#core/ending.ts';
import { canCount, listUnmet, type Decision, type GateRules } from '#core/gate.ts';
import type { GateState } from '#core/run.ts';
import { local } from './activities.ts';
import type { Book } from './book.ts';
import type { Pause } from './pause.ts';
import { refuse } from './refusals.ts';

/** `fields` are those of the decisions, the latest of each, with defaults: the outputs of a gate. */
export type GateVerdict = { kind: 'passed'; fields: Record<string, string> } | { kind: 'rejected'; reason: Reason };

/** Gates that ask now, with what a decision is checked against. */
export interface OpenGates {
  /**
   * Asks, and waits for a decision, the expiry, and the window. Waiting costs nothing. `whySkipped` says why nobody is
   * asked any more although the run goes on.
   */
  ask(name: string, rules: GateRules, whySkipped: () => Reason | null): Promise<GateVerdict>;
  /** Throws the refusal, without a trace in the history. Synchronous, as update validators are. */
  validate(name: string, decision: Decision): void;
  decide(name: string, decision: Decision): GateState;
}

/** `onChange` is called after every change of a gate's state, so that it is recorded. */
export function openGates(
  { book, pause, planDigest, startedBy }: { book: Book; pause: Pause; planDigest: string; startedBy: string },
  onChange: () => void,
): OpenGates {
  const setGate = (state: GateState) => {
    book.setGate(state);
    onChange();
  };
  const asking = new Map<string, GateRules>();
  const find = (name: string) => {
    const rules = asking.get(name);
    const state = book.gates.get(name);
    if (!rules || !state) throw refuse('gate-not-open', `gate ${name} asks for no decision now`);
    return { rules, state };
  };
  const close = (name: string, ending: Ending, reason: Reason | null) => {
    const state = book.gates.get(name);
    const at = new Date(Date.now()).toISOString();
    if (state) setGate({ ...state, status: { kind: 'ended', ending, reason, at } });
  };
  return {
    async ask(name, rules, whySkipped) {
      asking.set(name, rules);
      const openedAt = Date.now();
      setGate(describeOpen(name, rules, openedAt));
      try {
        const verdict = await waitForVerdict({ book, pause, name, rules, openedAt, setGate });
        asking.delete(name);
        if (verdict.kind === 'passed' && rules.window) await waitForWindow(book, name, rules.window, setGate);
        close(name, verdict.kind, verdict.kind === 'rejected' ? verdict.reason : null);
        return verdict;
      } catch (error) {
        // The run stops, or the stage is skipped: nobody is asked any more.
        asking.delete(name);
        const skipped = whySkipped();
        const stopped = { code: 'run-stopped', message: 'the run stopped before anybody decided' };
        close(name, skipped ? 'skipped' : 'cancelled', skipped ?? stopped);
        throw error;
      }
    },
    validate(name, decision) {
      const { rules, state } = find(name);
      checkDecision(rules, state, decision, planDigest, startedBy);
    },
    decide(name, decision) {
      const { rules, state } = find(name);
      const decisions = [...state.decisions, decision];
      const next = { ...state, decisions, unmet: listUnmet(rules, decisions) };
      setGate(next);
      return next;
    },
  };
}

function describeOpen(name: string, rules: GateRules, openedAt: number): GateState {
  const unmet = listUnmet(rules, []);
  const message = unmet.map((rule) => `${rule.min} of ${rule.from}`).join(', ');
  return {
    name,
    status: { kind: 'waiting', reason: { code: 'gate', message: `waits for a decision: ${message}` } },
    openedAt: new Date(openedAt).toISOString(),
    expiresAt: rules.expiresMs === null ? null : new Date(openedAt + rules.expiresMs).toISOString(),
    decisions: [],
    remindedAt: null,
    unmet,
  };
}

interface Asking {
  book: Book;
  pause: Pause;
  name: string;
  rules: GateRules;
  openedAt: number;
  setGate: (state: GateState) => void;
}

/** Its clocks, expiry and reminder, stand still while the run is paused; a decision is taken then, too. */
async function waitForVerdict({ book, pause, name, rules, openedAt, setGate }: Asking): Promise<GateVerdict> {
  const read = () => readVerdict(book.gates.get(name), rules);
  const change = (changes: Partial<GateState>) => {
    const state = book.gates.get(name);
    if (state) setGate({ ...state, ...changes });
  };
  let expiresAt = rules.expiresMs === null ? Number.POSITIVE_INFINITY : openedAt + rules.expiresMs;
  let remindAt = rules.remindMs === null ? Number.POSITIVE_INFINITY : openedAt + rules.remindMs;
  const summary = `gate ${name}`;
  for (;;) {
    if (pause.isOn) {
      const since = Date.now();
      if (rules.expiresMs !== null) change({ expiresAt: null });
      await condition(() => read() !== null || !pause.isOn);
      expiresAt += Date.now() - since;
      remindAt += Date.now() - since;
      if (rules.expiresMs !== null) change({ expiresAt: new Date(expiresAt).toISOString() });
    }
    const until = Math.min(expiresAt, remindAt);
    const isDisturbed = () => read() !== null || pause.isOn;
    if (until === Number.POSITIVE_INFINITY) await condition(isDisturbed);
    else await condition(isDisturbed, Math.max(1, until - Date.now()), { summary });
    const verdict = read();
    if (verdict) return verdict;
    if (pause.isOn) continue;
    if (Date.now() >= expiresAt) return expire(rules, expiresAt);
    change({ remindedAt: new Date(Date.now()).toISOString() });
    remindAt = Date.now() + (rules.remindMs ?? Number.POSITIVE_INFINITY);
  }
}

/** One rejection is enough; approvals count until every rule is met. */
function readVerdict(state: GateState | undefined, rules: GateRules): GateVerdict | null {
  if (!state) return null;
  const rejection = state.decisions.find((decision) => decision.verdict === 'reject');
  if (rejection) {
    const message = `rejected by ${rejection.actor.id}: ${rejection.comment ?? ''}`;
    return { kind: 'rejected', reason: { code: 'gate-rejected', message } };
  }
  if (state.decisions.length === 0 || state.unmet.length > 0) return null;
  return { kind: 'passed', fields: collectFields(rules, state.decisions) };
}

function collectFields(rules: GateRules, decisions: readonly Decision[]): Record<string, string> {
  const defaults = rules.fields.flatMap((field) => (field.default === null ? [] : [[field.name, field.default]]));
  return Object.assign({}, Object.fromEntries(defaults), ...decisions.map((decision) => decision.fields));
}

/** The time is said, because the engine may have been away when it came. */
function expire(rules: GateRules, expiresAt: number): GateVerdict {
  if (rules.onExpire === 'approve') return { kind: 'passed', fields: collectFields(rules, []) };
  const message = `nobody decided before it expired at ${new Date(expiresAt).toISOString()}`;
  return { kind: 'rejected', reason: { code: 'gate-expired', message } };
}

async function waitForWindow(
  book: Book,
  name: string,
  window: { cron: string; timezone: string },
  setGate: (state: GateState) => void,
) {
  const { openAt } = await local.findWindow({ ...window, now: new Date(Date.now()).toISOString() });
  const waitMs = Date.parse(openAt) - Date.now();
  if (waitMs <= 0) return;
  const state = book.gates.get(name);
  const reason = { code: 'window', message: `approved; its window opens at ${openAt}`, values: { at: openAt } };
  if (state) setGate({ ...state, status: { kind: 'waiting', reason } });
  await sleep(waitMs, { summary: `gate ${name}: window opens` });
}

function checkDecision(rules: GateRules, state: GateState, decision: Decision, planDigest: string, startedBy: string) {
  if (decision.planDigest !== planDigest) {
    throw refuse('plan-changed', 'the decision was made for another plan than the one that waits');
  }
  if (decision.verdict === 'reject') {
    if (!decision.comment?.trim()) throw refuse('comment-missing', 'a rejection needs a comment');
    return;
  }
  const { actor } = decision;
  if (rules.noSelf && actor.id === startedBy) {
    throw refuse('self-approval', `${actor.id} started this run and may not approve it`);
  }
  if (rules.approve.length > 0 && !rules.approve.some((rule) => canCount(rule, actor))) {
    const wanted = rules.approve.map((rule) => rule.from).join(', ');
    throw refuse('not-an-approver', `${actor.id} is none of ${wanted}`);
  }
  if (state.decisions.some((earlier) => earlier.actor.id === actor.id)) {
    throw refuse('already-decided', `${actor.id} has approved already`);
  }
  checkFields(rules, decision.fields);
}

/** Types and patterns are the API's to check (RE2 is not in this bundle); presence is checked here. */
function checkFields(rules: GateRules, fields: Record<string, string>) {
  const unknown = Object.keys(fields).find((name) => !rules.fields.some((field) => field.name === name));
  if (unknown !== undefined) throw refuse('field-unknown', `the gate has no field ${unknown}`);
  const missing = rules.fields.find(
    (field) => field.required && field.default === null && !Object.hasOwn(fields, field.name),
  );
  if (missing) throw refuse('field-missing', `the gate asks for ${missing.name}`);
}
