import { listUnmet, type GateRules } from '#core/gate.ts';
import type { PlanNode } from '#core/plan.ts';
import type { NodeResult, Status } from '#core/run.ts';
import { asJson, type Transaction } from '../client.ts';
import { toJsonText } from '../storable-text.ts';

/** Nodes that come into a run: with it, or later. */
export interface NewNodes {
  runId: string;
  seq: number;
  /** With their place in the plan. */
  nodes: readonly [position: number, node: PlanNode][];
  carried: Readonly<Record<string, NodeResult>>;
}

/** Nodes as they stand before anything of them has begun. */
export async function insertStages(transaction: Transaction, run: NewNodes): Promise<void> {
  const rows = run.nodes.map(([position, node]) => {
    const carried = run.carried[node.name];
    const status = carried ? describeCarried(carried) : describeWaiting(node);
    return {
      kind: node.kind,
      name: node.name,
      stage: node.kind === 'stage' ? node.stage : node.name,
      leg: toJsonText(node.kind === 'stage' ? node.leg : null),
      position,
      needs: toJsonText(node.needs),
      run_on: node.runOn,
      executor: node.kind === 'stage' ? node.executor : null,
      status: toJsonText(status),
      status_kind: status.kind,
      ending: carried?.ending ?? null,
      reason: toJsonText(carried?.reason),
      outputs: toJsonText(carried?.outputs ?? {}),
      artifacts: toJsonText(carried?.artifacts ?? []),
      attempts: carried?.attempts ?? 0,
      carried_from: carried?.carriedFrom ?? null,
    };
  });
  await transaction`
    INSERT INTO stages (id, run_id, seq, kind, name, stage, leg, position, needs, run_on, executor, status, status_kind,
      ending, reason, outputs, artifacts, attempt_count, carried_from)
    SELECT gen_random_uuid(), ${run.runId}, ${run.seq}, node.kind, node.name, node.stage, node.leg::json, node.position,
      node.needs::json, node.run_on, node.executor, node.status::json, node.status_kind::status_kind,
      node.ending::ending, node.reason::json, node.outputs::json, node.artifacts::json, node.attempts, node.carried_from
    FROM json_to_recordset(${asJson(transaction, rows)}::json) AS node(
      kind text, name text, stage text, leg text, position integer, needs text, run_on text, executor text,
      status text, status_kind text, ending text, reason text, outputs text, artifacts text, attempts integer,
      carried_from text)`;
}

/** Gates, and those before stages; a matrix whose legs are still to come has none itself. */
export async function insertGates(transaction: Transaction, run: NewNodes): Promise<void> {
  const rows = run.nodes.flatMap(([, node]) => {
    const rules: GateRules | null = node.kind === 'stage' && node.lateMatrix ? null : node.gate;
    if (!rules) return [];
    const carried = run.carried[node.name];
    const status: Status = carried
      ? describeCarried(carried)
      : { kind: 'waiting', reason: { code: 'not-open', message: 'asks for no decision yet' } };
    const unmet = carried ? [] : listUnmet(rules, []);
    return [
      {
        ...{ name: node.name, status_kind: status.kind, status: toJsonText(status) },
        ...{ rules: toJsonText(rules), unmet: toJsonText(unmet) },
      },
    ];
  });
  if (rows.length === 0) return;
  await transaction`
    INSERT INTO gates (id, run_id, seq, name, rules, status, status_kind, unmet)
    SELECT gen_random_uuid(), ${run.runId}, ${run.seq}, gate.name, gate.rules::json, gate.status::json,
      gate.status_kind::status_kind, gate.unmet::json
    FROM json_to_recordset(${asJson(transaction, rows)}::json) AS gate(
      name text, rules text, status text, status_kind text, unmet text)`;
}

/** The status of a node that waits. */
export function describeWaiting(node: PlanNode): Status {
  const names = node.needs.map((edge) => edge.to);
  return names.length > 0
    ? { kind: 'waiting', reason: { code: 'needs', message: `waits for ${names.slice(0, 5).join(', ')}` } }
    : { kind: 'waiting', reason: { code: 'starting', message: 'about to start' } };
}

function describeCarried(result: NodeResult): Status {
  return { kind: 'ended', ending: result.ending, reason: result.reason, at: new Date().toISOString() };
}
