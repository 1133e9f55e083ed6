import type { ObjectReference } from '#core/attempt.ts';
import type { PlanNode } from '#core/plan.ts';
import { asJson, type Database, type Transaction } from '../client.ts';
import { toJsonText } from '../storable-text.ts';
import { changeRun, type Change } from './change-run.ts';
import { describeWaiting, insertGates, insertStages } from './insert-nodes.ts';

/** A run's next plan: that of before with what a node has added. */
export interface RunGrowth {
  /** The plan it was made from. */
  from: ObjectReference;
  plan: ObjectReference;
  /** All nodes of the new plan, in its order. */
  nodes: readonly PlanNode[];
  /** The new ones among them. */
  added: readonly string[];
}

/**
 * Makes this the plan of the run, with the rows of what is new. Null when the run has another plan meanwhile: whoever
 * asks reads that one and makes a new growth of it.
 */
export async function writeGrowth(
  transaction: Transaction,
  runId: string,
  seq: number,
  growth: RunGrowth,
): Promise<Change[] | null> {
  const rows = await transaction`
    UPDATE runs SET plan = ${asJson(transaction, growth.plan)}, row_seq = ${seq}
    WHERE id = ${runId} AND plan ->> 'digest' = ${growth.from.digest}
    RETURNING id`;
  if (rows.length === 0) return null;
  const places = growth.nodes.map((node, position) => ({ name: node.name, position, needs: toJsonText(node.needs) }));
  await transaction`
    UPDATE stages SET position = node.position, needs = node.needs::json, seq = ${seq}
    FROM json_to_recordset(${asJson(transaction, places)}::json) AS node(name text, position integer, needs text)
    WHERE stages.run_id = ${runId} AND stages.name = node.name
      AND (stages.position <> node.position OR stages.needs::text <> node.needs)`;
  const nodes = [...growth.nodes.entries()].filter(([, node]) => growth.added.includes(node.name));
  await insertStages(transaction, { runId, seq, nodes, carried: {} });
  await insertGates(transaction, { runId, seq, nodes, carried: {} });
  return nodes.map(([, node]) => ({ kind: 'stage', name: node.name, status: describeWaiting(node) }));
}

/** As {@link writeGrowth}, alone. False when the run has another plan meanwhile. Throws the fault `run-unknown`. */
export function growRun(database: Database, runId: string, growth: RunGrowth): Promise<boolean> {
  return changeRun(database, runId, async (transaction, seq) => {
    const changes = await writeGrowth(transaction, runId, seq, growth);
    return { changes: changes ?? [], result: changes !== null };
  });
}
