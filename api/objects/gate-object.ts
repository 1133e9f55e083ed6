import { canCount } from '#core/gate.ts';
import type { Can, GateObject } from '#core/rest.ts';
import type { DecisionRow, GateRow } from '#db/rows.ts';
import { explainAction } from '../access/authorize.ts';
import type { Owner, Principal } from '../access/principal.ts';

/** A gate with what was decided, in order, as the principal sees it. */
export function toGateObject(
  row: GateRow,
  run: Owner & { planDigest: string; startedBy: string },
  decisions: readonly DecisionRow[],
  principal: Principal,
): GateObject {
  const right = explainAction(principal, 'gate:decide', run);
  return {
    id: row.id,
    topic: `run:${row.runId}`,
    seq: row.seq,
    createdAt: row.createdAt,
    status: row.status,
    runId: row.runId,
    name: row.name,
    rules: row.rules.approve,
    noSelf: row.rules.noSelf,
    manual: row.rules.manual,
    fields: row.rules.fields,
    unmet: row.unmet,
    decisions: decisions.filter((decision) => decision.gateId === row.id).map((decision) => decision.decision),
    expiresAt: row.expiresAt,
    planDigest: run.planDigest,
    can: { approve: right === true ? canApprove(row, run, principal) : right },
  };
}

/** What the workflow will say (workflows/pipeline-run/gate.ts), as far as the rows tell. */
function canApprove(row: GateRow, run: Owner & { startedBy: string }, principal: Principal): Can {
  if (row.statusKind === 'ended') return { no: `gate ${row.name} is decided`, code: 'gate-decided' };
  if (row.openedAt === null) return { no: `gate ${row.name} asks for no decision yet`, code: 'gate-not-open' };
  // On this machine anybody may be acted for (--as).
  if (principal.via === 'local') return true;
  if (row.rules.noSelf && (run.startedBy === principal.person || run.startedBy === principal.actor)) {
    return { no: 'you started this run; the gate forbids it', code: 'self-approval' };
  }
  const teams = principal.organizations.find(({ id }) => id === run.organizationId)?.teams ?? [];
  const actor = { id: principal.person, teams: [...teams], verified: true };
  if (row.unmet.some((rule) => rule.from === 'anyone' || canCount(rule, actor))) return true;
  return { no: `gate ${row.name} waits for ${row.unmet.map((rule) => rule.from).join(', ')}`, code: 'not-an-approver' };
}
