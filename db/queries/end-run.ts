import type { Reason } from '#core/attempt.ts';
import type { Ending } from '#core/ending.ts';
import type { GateState, NodeResult, RecordBatch, Status } from '#core/run.ts';
import type { Database } from '../client.ts';
import type { GateRow, RunRow, StageRow } from '../rows.ts';
import { recordBatch } from './record-batch.ts';

/** How a run ends whose workflow cannot say so itself. */
export interface OutsideEnd {
  run: { ending: Ending; reason: Reason | null };
  /** What the workflow still told of its nodes, by name. */
  results: Readonly<Record<string, NodeResult>>;
  /** Of nodes that were running, and gates that asked, of which it told nothing. What had not begun is `not-run`. */
  open: { ending: Ending; reason: Reason };
}

/**
 * Ends the run, its nodes and its gates from outside its workflow, which must be over or never begin: these rows are
 * newer than anything it wrote. Without effect on what has ended already.
 */
export async function endRun(database: Database, run: Pick<RunRow, 'id' | 'version'>, end: OutsideEnd): Promise<void> {
  const at = new Date().toISOString();
  const [stages, gates] = await Promise.all([
    database<StageRow[]>`SELECT * FROM stages WHERE run_id = ${run.id}`,
    database<GateRow[]>`SELECT * FROM gates WHERE run_id = ${run.id}`,
  ]);
  const openGates = gates.filter((gate) => gate.statusKind !== 'ended');
  const asking = new Set(openGates.flatMap((gate) => (gate.openedAt === null ? [] : [gate.name])));
  const nodes = stages
    .filter((stage) => stage.statusKind !== 'ended')
    .map((stage) => endNode(stage, stage.statusKind === 'running' || asking.has(stage.name), end, at));
  const orders = [...stages, ...gates].map((row) => Math.ceil(row.orderKey / 10));
  const batch: RecordBatch = {
    runId: run.id,
    version: Math.max(run.version, ...orders) + 1,
    at,
    run: { kind: 'ended', ...end.run, at },
    nodes,
    gates: openGates.map((gate) => endGate(gate, end, at)),
  };
  await recordBatch(database, batch);
}

function endNode(stage: StageRow, isActive: boolean, end: OutsideEnd, at: string): RecordBatch['nodes'][number] {
  const known = findResult(end, stage.name);
  const ending = known?.ending ?? (isActive ? end.open.ending : 'not-run');
  const reason = known ? known.reason : end.open.reason;
  const status: Status = { kind: 'ended', ending, reason, at };
  const result: NodeResult = known ?? {
    ...{ ending, reason, outputs: {}, artifacts: [] },
    ...{ attempts: stage.attemptCount, carriedFrom: null },
  };
  return { name: stage.name, status, result };
}

/** Its decisions stay as they are. */
function endGate(gate: GateRow, end: OutsideEnd, at: string): GateState {
  const known = findResult(end, gate.name);
  const status: Status = known
    ? // A stage that ran had its gate passed, whatever became of it then.
      { kind: 'ended', ending: known.attempts > 0 ? 'passed' : known.ending, reason: known.reason, at }
    : { kind: 'ended', ending: gate.openedAt === null ? 'not-run' : end.open.ending, reason: end.open.reason, at };
  const { name, openedAt, expiresAt, unmet } = gate;
  return { name, status, openedAt, expiresAt, unmet, decisions: [], remindedAt: null };
}

function findResult(end: OutsideEnd, name: string): NodeResult | null {
  return Object.hasOwn(end.results, name) ? (end.results[name] ?? null) : null;
}
