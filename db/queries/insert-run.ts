import { listUnmet, type GateRules } from '#core/gate.ts';
import { numberLabel } from '#core/ids.ts';
import type { Plan, PlanNode } from '#core/plan.ts';
import type { NodeResult, RunInput, Status } from '#core/run.ts';
import { asJson, type Transaction } from '../client.ts';
import { CHANNEL } from '../notify.ts';
import type { RunRow } from '../rows.ts';
import { toJsonText } from '../storable-text.ts';
import { keepHistory } from './change-run.ts';

/** Everything of a run that is known when it is accepted, but its number. */
export interface NewRun extends Pick<
  RunRow,
  | 'id'
  | 'workspaceId'
  | 'trigger'
  | 'startedBy'
  | 'plan'
  | 'maxParallel'
  | 'source'
  | 'environment'
  | 'envFile'
  | 'dockerEndpoint'
  | 'secretFile'
> {
  workspace: string;
  /** Absolute path of the file: what makes a local pipeline. */
  path: string;
  compiled: Plan;
  /** A re-run keeps the number of the run it repeats. */
  rerunOf: { id: string; scope: string; number: number } | null;
  carried: Record<string, NodeResult>;
  /** Made once the number is known. */
  createInput(identity: { number: number; attempt: number; label: string }): RunInput;
}

const LOCAL_SCOPE = 'local';

/**
 * Inserts the run with its number, its nodes and gates, and the outbox row that starts its workflow: all or nothing, so
 * that an accepted run is started and a refused one leaves nothing (ENGINE 14). Answers the run's id and label.
 */
export async function insertRun(transaction: Transaction, run: NewRun): Promise<{ id: string; label: string }> {
  const pipelineId = await upsertPipeline(transaction, run);
  const identity = await drawNumber(transaction, run.rerunOf);
  const { compiled } = run;
  const status: Status = { kind: 'queued', since: new Date().toISOString() };
  await transaction`
    INSERT INTO runs (id, workspace_id, pipeline_id, scope, number, attempt, label, trigger, started_by, git, params,
      notices, plan, plan_digest, max_parallel, file, source, environment, env_file, docker_endpoint, secret_file,
      rerun_of, status, status_kind, seq, row_seq)
    VALUES (${run.id}, ${run.workspaceId}, ${pipelineId}, ${identity.scope}, ${identity.number}, ${identity.attempt},
      ${identity.label}, ${run.trigger}, ${run.startedBy}, ${asJson(transaction, describeGit(compiled))},
      ${asJson(transaction, compiled.params)}, ${asJson(transaction, compiled.notices)},
      ${asJson(transaction, run.plan)}, ${compiled.digest}, ${run.maxParallel}, ${compiled.file},
      ${asJson(transaction, run.source)}, ${asJson(transaction, run.environment)},
      ${asJson(transaction, run.envFile)}, ${run.dockerEndpoint}, ${run.secretFile}, ${run.rerunOf?.id ?? null},
      ${asJson(transaction, status)}, ${status.kind}, 1, 1)`;
  await insertStages(transaction, run);
  await insertGates(transaction, run);
  await insertCarriedArtifacts(transaction, run);
  await transaction`
    INSERT INTO outbox (run_id, input, due_at)
    VALUES (${run.id}, ${asJson(transaction, run.createInput(identity))}, now())`;
  await keepHistory(transaction, run.id, 1, [{ kind: 'run', name: '', status }]);
  await transaction`SELECT pg_notify(${CHANNEL}, ${`run:${run.id} 1`}), pg_notify(${CHANNEL}, 'outbox 0')`;
  return { id: run.id, label: identity.label };
}

async function upsertPipeline(transaction: Transaction, run: NewRun): Promise<string> {
  const [row] = await transaction<{ id: string }[]>`
    INSERT INTO pipelines (id, workspace_id, origin, path, name)
    VALUES (gen_random_uuid(), ${run.workspaceId}, 'local', ${run.path}, ${run.compiled.pipeline.name})
    ON CONFLICT (workspace_id, path) WHERE origin = 'local' DO UPDATE SET name = excluded.name
    RETURNING id`;
  if (!row) throw new Error('an upsert of a pipeline answers its row');
  return row.id;
}

/** The counter's row and the number's row are locked until the transaction ends: no gap is refilled, none is shared. */
async function drawNumber(transaction: Transaction, rerunOf: NewRun['rerunOf']) {
  if (rerunOf) {
    const { scope, number } = rerunOf;
    const [row] = await transaction<{ lastAttempt: number }[]>`
      UPDATE run_numbers SET last_attempt = last_attempt + 1 WHERE scope = ${scope} AND number = ${number}
      RETURNING last_attempt`;
    if (!row) throw new Error(`the number ${scope}/${number} was never drawn`);
    const attempt = row.lastAttempt;
    return { scope, number, attempt, label: `${scope}/${numberLabel(number, attempt)}` };
  }
  const [row] = await transaction<{ lastNumber: number }[]>`
    UPDATE run_counters SET last_number = last_number + 1 WHERE scope = ${LOCAL_SCOPE} RETURNING last_number`;
  if (!row) throw new Error('the counter of local runs is missing');
  const number = row.lastNumber;
  await transaction`INSERT INTO run_numbers (scope, number) VALUES (${LOCAL_SCOPE}, ${number})`;
  return { scope: LOCAL_SCOPE, number, attempt: 1, label: `${LOCAL_SCOPE}/${numberLabel(number, 1)}` };
}

async function insertStages(transaction: Transaction, run: NewRun): Promise<void> {
  const rows = run.compiled.nodes.map((node, position) => {
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
    SELECT gen_random_uuid(), ${run.id}, 1, node.kind, node.name, node.stage, node.leg::json, node.position,
      node.needs::json, node.run_on, node.executor, node.status::json, node.status_kind::status_kind,
      node.ending::ending, node.reason::json, node.outputs::json, node.artifacts::json, node.attempts, node.carried_from
    FROM json_to_recordset(${asJson(transaction, rows)}::json) AS node(
      kind text, name text, stage text, leg text, position integer, needs text, run_on text, executor text,
      status text, status_kind text, ending text, reason text, outputs text, artifacts text, attempts integer,
      carried_from text)`;
}

async function insertGates(transaction: Transaction, run: NewRun): Promise<void> {
  const rows = run.compiled.nodes.flatMap((node) => {
    const rules: GateRules | null = node.gate;
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
    SELECT gen_random_uuid(), ${run.id}, 1, gate.name, gate.rules::json, gate.status::json,
      gate.status_kind::status_kind, gate.unmet::json
    FROM json_to_recordset(${asJson(transaction, rows)}::json) AS gate(
      name text, rules text, status text, status_kind text, unmet text)`;
}

/** What carried results left is listed with the new run too; its bytes are the old run's. */
async function insertCarriedArtifacts(transaction: Transaction, run: NewRun): Promise<void> {
  const references = Object.values(run.carried).flatMap((result) => result.artifacts);
  for (const reference of references) {
    await transaction`
      INSERT INTO artifacts (id, run_id, stage, attempt, name, files, bytes, reference)
      VALUES (gen_random_uuid(), ${run.id}, ${reference.stage}, ${reference.attempt}, ${reference.name},
        ${reference.files}, ${reference.bytes}, ${asJson(transaction, reference)})`;
  }
}

function describeWaiting(node: PlanNode): Status {
  const names = node.needs.map((edge) => edge.to);
  return names.length > 0
    ? { kind: 'waiting', reason: { code: 'needs', message: `waits for ${names.slice(0, 5).join(', ')}` } }
    : { kind: 'waiting', reason: { code: 'starting', message: 'about to start' } };
}

function describeCarried(result: NodeResult): Status {
  return { kind: 'ended', ending: result.ending, reason: result.reason, at: new Date().toISOString() };
}

function describeGit(plan: Plan) {
  return plan.git ? { sha: plan.git.sha, branch: plan.git.branch, dirty: plan.git.dirty } : null;
}
