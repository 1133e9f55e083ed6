import type { Actor, Decision } from '#core/gate.ts';
import type { DecisionRequest, GateObject } from '#core/rest.ts';
import type { RunWithNames } from '#db/queries/find-run.ts';
import { findGate } from '#db/queries/read-run.ts';
import type { GateRow } from '#db/rows.ts';
import { requireAction } from '../access/authorize.ts';
import type { Principal } from '../access/principal.ts';
import { auditedOver } from '../audit/refused-object.ts';
import type { ApiContext } from '../context.ts';
import { loadGateObjects, requireRun } from '../objects/load.ts';
import { notFound, ProblemError } from '../problem.ts';
import type { Call } from '../route.ts';
import { waitFor } from '../stream/wait-for.ts';
import { checkFields } from './gate-fields.ts';
import { refuseEnded } from './refusal.ts';
import { sendUpdate, type Sent } from './send.ts';

/** How long the answer waits for the row to show an accepted decision. */
const SHOWN_MS = 2_000;

/** `name` is the gate's. */
export type Decided = ({ kind: 'decided'; gate: GateObject } | Extract<Sent, { kind: 'pending' }>) & { name: string };

/** Who decides; `id` is that of the write. */
type Decider = Pick<Call, 'data' | 'principal'> & { id: string };

/** A decision that has been looked at and not been sent. */
export interface CheckedDecision {
  run: RunWithNames;
  gate: GateRow;
  decision: Decision;
}

/**
 * Hands a decision to the workflow, whose validator has the last word. What it cannot check (patterns, the state the
 * decider saw) is checked here. The decision's id is that of the write, so a repeated one counts once.
 */
export async function decide(
  context: ApiContext,
  gateId: string,
  request: DecisionRequest,
  decider: Decider,
): Promise<Decided> {
  return sendDecision(context, await checkDecision(gateId, request, decider), decider);
}

/** Throws 403, 404, 409 and 422 for what is known without the workflow. */
export async function checkDecision(
  gateId: string,
  request: DecisionRequest,
  decider: Decider,
): Promise<CheckedDecision> {
  const { data, principal } = decider;
  const { gate, run } = await data(async (scoped) => {
    const gate = await findGate(scoped, gateId);
    if (!gate) throw notFound(`gate ${gateId}`);
    return { gate, run: await requireRun(scoped, gate.runId) };
  });
  // First of all: who may not decide does not learn how the gate stands.
  const about = { kind: 'gate', id: gate.id, name: gate.name };
  await auditedOver(run, about, () => requireAction(principal, 'gate:decide', run));
  if (run.statusKind === 'ended') throw refuseEnded(run.label);
  if (request.expectedSeq !== undefined && request.expectedSeq !== gate.seq) throw refuseStale(gate);
  if (request.verdict === 'reject' && !request.comment?.trim()) {
    throw new ProblemError(422, 'comment-missing', 'a rejection needs a comment', { hint: 'say why with --comment' });
  }
  const decision: Decision = {
    id: decider.id,
    verdict: request.verdict,
    actor: createActor(principal, run, request.as ?? null),
    comment: request.comment ?? null,
    fields: request.verdict === 'approve' ? await checkFields(gate.rules.fields, request.fields ?? {}) : {},
    planDigest: run.planDigest,
    at: new Date().toISOString(),
  };
  return { run, gate, decision };
}

/** Throws the workflow's refusal. */
export async function sendDecision(
  context: ApiContext,
  { run, gate, decision }: CheckedDecision,
  { data, principal }: Pick<Decider, 'data' | 'principal'>,
): Promise<Decided> {
  const sent = await sendUpdate(context, run, { id: decision.id, name: 'decideGate', args: [gate.name, decision] });
  if (sent.kind === 'pending') return { ...sent, name: gate.name };
  const find = async () => {
    const gates = await data((scoped) => loadGateObjects(scoped, run, principal));
    return gates.find(({ id }) => id === gate.id) ?? null;
  };
  const shown = await waitFor(context.hub, `run:${run.id}`, SHOWN_MS, async () => {
    const object = await find();
    return object?.decisions.some((known) => known.id === decision.id) ? object : null;
  });
  const object = shown ?? (await find());
  if (!object) throw notFound(`gate ${gate.id}`);
  return { kind: 'decided', gate: object, name: gate.name };
}

/** On a local run anybody may be acted for; it is recorded as not verified (LANGUAGE §7). */
function createActor(
  principal: Principal,
  run: Pick<RunWithNames, 'scope' | 'organizationId'>,
  as: string | null,
): Actor {
  const isLocal = principal.via === 'local';
  const organization = principal.organizations.find(({ id }) => id === run.organizationId);
  if (as === null) return { id: principal.person, teams: [...(organization?.teams ?? [])], verified: !isLocal };
  if (!isLocal || run.scope !== 'local') throw new ProblemError(403, 'as-local-only', '--as works for local runs only');
  const match = /^(?:user:(?<user>[^/\s]+)|team:(?<team>[^/\s]+)\/(?<member>[^/\s]+))$/.exec(as)?.groups;
  if (match?.['user']) return { id: `user:${match['user']}`, teams: [], verified: false };
  if (match?.['team'] && match['member']) {
    return { id: `user:${match['member']}`, teams: [match['team']], verified: false };
  }
  throw new ProblemError(422, 'as-invalid', `${as} is no actor`, { hint: 'user:NAME or team:TEAM/NAME' });
}

function refuseStale(gate: GateRow): ProblemError {
  const decided = gate.status.kind === 'ended' ? `it is ${gate.status.ending}` : 'somebody decided meanwhile';
  return new ProblemError(409, 'gate-changed', `gate ${gate.name} has changed: ${decided}`, {
    hint: 'look at it again, then decide',
  });
}
