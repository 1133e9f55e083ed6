import { createHash } from 'node:crypto';
import type { ApprovedGate, ApproveGatesRequest } from '#core/rest-gates.ts';
import type { Problem } from '#core/rest.ts';
import { requireAction } from '../access/authorize.ts';
import { recordAudit } from '../audit/record-audit.ts';
import type { ApiContext } from '../context.ts';
import { loadGateEnvironments } from '../objects/gate-environments.ts';
import { toGateObject } from '../objects/gate-object.ts';
import { ProblemError, toProblem } from '../problem.ts';
import type { Call } from '../route.ts';
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
  const asked = [...new Map(gates.map((gate) => [gate.id, gate])).values()];
  const checked = await Promise.all(
    asked.map(async ({ id, expectedSeq }) => {
      try {
        const seen = expectedSeq === undefined ? {} : { expectedSeq };
        const said = comment === undefined ? {} : { comment };
        const request = { verdict: 'approve', ...seen, ...said } as const;
        const decider = { ...approver, id: createDecisionId(approver.id, id) };
        const decision = await checkDecision(id, request, decider);
        requireAllowed(decision, approver);
        return decision;
      } catch (error) {
        return toProblem(error);
      }
    }),
  );
  const decisions = checked.flatMap((each) => (each instanceof ProblemError ? [] : [each]));
  if (decisions.length < asked.length) throw refuseWhole(checked);
  await requireOnePlace(context, decisions);
  return Promise.all(decisions.map((decision) => approve(context, decision, approver, asked.length)));
}

/** Each gate has a decision of its own, the same whenever the write is repeated. */
function createDecisionId(writeId: string, gateId: string): string {
  return createHash('sha256').update(`${writeId}\n${gateId}`).digest('hex').slice(0, 32);
}

function requireAllowed({ gate, run }: CheckedDecision, { principal }: Approver): void {
  requireAction(principal, 'gate:decide', run);
  const { approve: can } = toGateObject(gate, run, [], principal).can;
  if (can !== true) throw new ProblemError(409, can.code, can.no);
}

/** What one may not see, or not decide, is told as for a single gate; the rest with the place of each. */
function refuseWhole(checked: readonly (CheckedDecision | ProblemError)[]): ProblemError {
  const first = checked.find((each) => each instanceof ProblemError && [403, 404].includes(each.problem.status));
  if (first instanceof ProblemError) return first;
  const errors = checked.flatMap((each, index): Problem['errors'] => {
    if (!(each instanceof ProblemError)) return [];
    return [{ pointer: `/gates/${index}`, code: each.problem.code, message: each.problem.detail }];
  });
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
  try {
    const decided = await sendDecision(context, checked, approver);
    await approver.data((scoped) =>
      recordAudit(scoped, approver, {
        ...{ action: 'gate.approve', owner: run, object: { kind: 'gate', id, name } },
        detail: { comment: decision.comment, as: null, together },
      }),
    );
    if (decided.kind === 'pending') return { id, name, state: 'pending', command: decided.command.id };
    return { id, name, state: 'decided' };
  } catch (error) {
    const problem = { ...toProblem(error).problem, requestId: approver.request.get('requestId') };
    return { id, name, state: 'refused', problem };
  }
}
