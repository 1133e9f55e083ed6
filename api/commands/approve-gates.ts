import { createHash } from 'node:crypto';
import type { ApprovedGate, ApproveGatesRequest } from '#core/rest-gates.ts';
import type { Problem } from '#core/rest.ts';
import { recordAudit } from '../audit/record-audit.ts';
import type { ApiContext } from '../context.ts';
import { loadGateEnvironments } from '../objects/gate-environments.ts';
import { toGateObject } from '../objects/gate-object.ts';
import { ProblemError } from '../problem.ts';
import type { Call } from '../route.ts';
import { finishAll, listOnce, orRefusal, type Placed } from './batch.ts';
import { checkDecision, sendDecision, type CheckedDecision } from './decide.ts';

type Approver = Pick<Call, 'data' | 'principal' | 'request'> & { id: string };

/**
 * Approves gates together: each is looked at, and when one is not in order none is sent (UI §9). What the workflows
 * say afterwards, each for itself, is told by gate.
 */
export async function approveGates(
  context: ApiContext,
  { gates, comment }: ApproveGatesRequest,
  approver: Approver,
): Promise<ApprovedGate[]> {
  const asked = listOnce(gates, ({ id }) => id);
  const checked = await finishAll(
    asked.map(async ({ index, item }) => ({ index, item: await orRefusal(check(item, comment, approver)) })),
  );
  const decisions = checked.flatMap(({ item }) => (item instanceof ProblemError ? [] : [item]));
  if (decisions.length < asked.length) throw refuseWhole(checked);
  await requireOnePlace(context, decisions);
  return finishAll(decisions.map((decision) => approve(context, decision, approver, asked.length)));
}

async function check(
  { id, expectedSeq }: ApproveGatesRequest['gates'][number],
  comment: string | undefined,
  approver: Approver,
): Promise<CheckedDecision> {
  const seen = expectedSeq === undefined ? {} : { expectedSeq };
  const said = comment === undefined ? {} : { comment };
  const request = { verdict: 'approve', ...seen, ...said } as const;
  const decision = await checkDecision(id, request, { ...approver, id: createDecisionId(approver.id, id) });
  const { approve: can } = toGateObject(decision.gate, decision.run, [], approver.principal).can;
  if (can !== true) throw new ProblemError(409, can.code, can.no);
  return decision;
}

/** Each gate has a decision of its own, the same whenever the write is repeated. */
function createDecisionId(writeId: string, gateId: string): string {
  return createHash('sha256').update(`${writeId}\n${gateId}`).digest('hex').slice(0, 32);
}

/** What one may not see, or not decide, is told as for a single gate; the rest with the place of each. */
function refuseWhole(checked: readonly Placed<CheckedDecision | ProblemError>[]): ProblemError {
  const refused = checked.flatMap(({ index, item }) => (item instanceof ProblemError ? [{ index, item }] : []));
  const first = refused.find(({ item }) => [403, 404].includes(item.problem.status));
  if (first) return first.item;
  const errors = refused.map(({ index, item: { problem } }): Problem['errors'][number] => ({
    ...{ pointer: `/gates/${index}`, code: problem.code, message: problem.detail },
  }));
  const detail = errors.map(({ message }) => message).join('; ');
  return new ProblemError(409, 'batch-refused', `none was approved: ${detail}`, {
    errors,
    hint: 'leave these out, or decide them one by one',
  });
}

/** Throws 422 `gates-apart`. */
async function requireOnePlace(context: ApiContext, decisions: readonly CheckedDecision[]): Promise<void> {
  const places = await Promise.all(
    decisions.map(async ({ run, gate }) => {
      const environment = (await loadGateEnvironments(context, run.plan)).get(gate.name);
      return environment === undefined ? run.workspace : `${environment} of ${run.workspace}`;
    }),
  );
  const [, ...others] = new Set(places);
  if (others.length === 0) return;
  throw new ProblemError(422, 'gates-apart', `the gates lead to ${[...new Set(places)].join(' and ')}`, {
    hint: 'approve together what leads to one environment',
  });
}

async function approve(
  context: ApiContext,
  checked: CheckedDecision,
  approver: Approver,
  together: number,
): Promise<ApprovedGate> {
  const { gate, run, decision } = checked;
  const { id, name } = gate;
  const decided = await orRefusal(sendDecision(context, checked, approver));
  if (decided instanceof ProblemError) {
    const problem = { ...decided.problem, requestId: approver.request.get('requestId') };
    return { id, name, state: 'refused', problem };
  }
  await approver.data((scoped) =>
    recordAudit(scoped, approver, {
      ...{ action: 'gate.approve', owner: run, object: { kind: 'gate', id, name } },
      detail: { comment: decision.comment, as: null, together },
    }),
  );
  if (decided.kind === 'pending') return { id, name, state: 'pending', command: decided.command.id };
  return { id, name, state: 'decided' };
}
