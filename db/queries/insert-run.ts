import { describeCommit } from '#core/commit.ts';
import type { Plan } from '#core/plan.ts';
import type { NodeResult, RunInput, Status } from '#core/run.ts';
import { asJson, type Transaction } from '../client.ts';
import { CHANNEL } from '../notify.ts';
import type { PipelineRow, RunRow } from '../rows.ts';
import { keepHistory } from './change-run.ts';
import { drawNumber, type RunIdentity } from './draw-number.ts';
import { insertGates, insertStages } from './insert-nodes.ts';
import { refuseExpired } from './refuse-expired.ts';

/** Everything of a run that is known when it is accepted, but its number. */
export interface NewRun extends Pick<
  RunRow,
  | 'id'
  | 'workspaceId'
  | 'trigger'
  | 'startedBy'
  | 'branch'
  | 'commit'
  | 'priority'
  | 'plan'
  | 'maxParallel'
  | 'source'
  | 'environment'
  | 'envFile'
  | 'dockerEndpoint'
  | 'secretFile'
  | 'debug'
> {
  workspace: string;
  pipeline: RunPipeline;
  compiled: Plan;
  /** A re-run keeps the number of the run it repeats. */
  rerunOf: { id: string; scope: string; number: number } | null;
  carried: Record<string, NodeResult>;
  /** The stage of another run that starts it, in that run's own workflow; all others are started by the outbox. */
  parent?: { runId: string; stage: string };
  /** Made once the number is known. */
  createInput(identity: RunIdentity & { pipelineId: string }): RunInput;
}

/** Where the file of a pipeline comes from, as far as its work tree says it. */
export type PipelineFrom = Pick<PipelineRow, 'repository' | 'defaultBranch'>;

/** What a run is a run of; without `from` that stays as it was. */
export type RunPipeline =
  /** A file of this machine, or one that somebody sent: its row is made with its first run. */
  | { kind: 'local' | 'remote'; path: string; from?: PipelineFrom }
  /** One that the server keeps; `version` is that of the text. */
  | { kind: 'server'; id: string; name: string; version: number };

/**
 * Inserts the run with its number, its nodes and gates, and the outbox row that starts its workflow: all or nothing, so
 * that an accepted run is started and a refused one leaves nothing (ENGINE 14). Answers the run's row; `whenInserted` hears
 * it while the rest is still written, so that what it writes waits for no answer of its own.
 */
export async function insertRun(
  transaction: Transaction,
  run: NewRun,
  whenInserted: (row: RunRow) => Promise<void> = async () => {},
): Promise<RunRow> {
  const { compiled, pipeline } = run;
  const pipelineId = pipeline.kind === 'server' ? pipeline.id : await upsertFile(transaction, run, pipeline);
  const nodes = { runId: run.id, seq: 1, nodes: [...compiled.nodes.entries()], carried: run.carried };
  const status: Status = { kind: 'queued', since: new Date().toISOString() };
  // Sent at once and answered in order: the number's row is locked until the end, and others wait for it. The first is
  // sent by hand: a query waits for its `then` otherwise, and the next ones need its row.
  const inserted = transaction<RunRow[]>`
      WITH ${drawNumber(transaction, run)}
      INSERT INTO runs (id, workspace_id, pipeline_id, pipeline_version, scope, number, attempt, label, trigger,
        started_by, branch, commit, priority, git, params, notices, plan, plan_digest, max_parallel, file, source,
        environment, env_file, docker_endpoint, secret_file, rerun_of, parent_run, parent_stage, debug, status, status_kind, seq, row_seq)
      SELECT ${run.id}, ${run.workspaceId}, ${pipelineId}, ${pipeline.kind === 'server' ? pipeline.version : null},
        scope, number, attempt, label, ${run.trigger},
        ${run.startedBy}, ${run.branch}, ${run.commit}, ${run.priority}, ${asJson(transaction, describeGit(compiled))},
        ${asJson(transaction, compiled.params)}, ${asJson(transaction, compiled.notices)},
        ${asJson(transaction, run.plan)}, ${compiled.digest}, ${run.maxParallel}, ${compiled.file},
        ${asJson(transaction, run.source)}, ${asJson(transaction, run.environment)},
        ${asJson(transaction, run.envFile)}, ${run.dockerEndpoint}, ${run.secretFile}, ${run.rerunOf?.id ?? null},
        ${run.parent?.runId ?? null}, ${run.parent?.stage ?? null},
        ${asJson(transaction, run.debug)},
        ${asJson(transaction, status)}, ${status.kind}, 1, 1
      FROM drawn
      RETURNING *`.execute();
  const [row] = await Promise.all([
    inserted.then(async ([first]) => {
      if (!first) throw new Error(`the number ${run.rerunOf?.scope}/${run.rerunOf?.number} was never drawn`);
      await Promise.all([
        run.parent ? null : insertOutbox(transaction, run, first),
        whenInserted(first),
        // The number is locked: what is there now stays as long as the run is open.
        run.rerunOf ? refuseExpired(transaction, run, run.rerunOf.id) : null,
      ]);
      return first;
    }),
    insertStages(transaction, nodes),
    insertGates(transaction, nodes),
    insertCarriedArtifacts(transaction, run),
    keepHistory(
      transaction,
      { runId: run.id, seq: 1, changes: [{ kind: 'run', name: '', status }] },
      transaction`SELECT pg_notify(${CHANNEL}, ${`run:${run.id} 1`}), pg_notify(${CHANNEL}, 'outbox 0')`,
    ),
  ]);
  return row;
}

async function insertOutbox(transaction: Transaction, run: NewRun, row: RunRow): Promise<void> {
  await transaction`
    INSERT INTO outbox (run_id, input, due_at) VALUES (${run.id}, ${asJson(transaction, run.createInput(row))}, now())`;
}

async function upsertFile(
  transaction: Transaction,
  run: NewRun,
  { kind, path, from }: Exclude<RunPipeline, { kind: 'server' }>,
): Promise<string> {
  const { name } = run.compiled.pipeline;
  const [row] = await transaction<{ id: string }[]>`
    INSERT INTO pipelines (id, workspace_id, origin, path, name, repository, default_branch)
    VALUES (gen_random_uuid(), ${run.workspaceId}, ${kind}, ${path}, ${name}, ${from?.repository ?? null},
      ${from?.defaultBranch ?? null})
    ON CONFLICT (workspace_id, path) WHERE ${kind === 'local' ? transaction`origin = 'local'` : transaction`origin = 'remote'`}
      DO UPDATE SET name = excluded.name
        ${from ? transaction`, repository = excluded.repository, default_branch = excluded.default_branch` : transaction``}
    RETURNING id`;
  if (!row) throw new Error('an upsert of a pipeline answers its row');
  return row.id;
}

/** What carried results left is listed with the new run too; its bytes are the old run's. */
async function insertCarriedArtifacts(transaction: Transaction, run: NewRun): Promise<void> {
  const references = Object.values(run.carried).flatMap((result) => result.artifacts);
  for (const reference of references) {
    await transaction`
      INSERT INTO artifacts (id, run_id, stage, attempt, name, files, bytes, reference, expires_at, removed_at, is_swept)
      SELECT gen_random_uuid(), ${run.id}, stage, attempt, name, files, bytes, reference, expires_at, removed_at, is_swept
      FROM artifacts
      WHERE run_id = ${reference.runId} AND stage = ${reference.stage} AND attempt = ${reference.attempt}
        AND name = ${reference.name}`;
  }
}

function describeGit(plan: Plan) {
  const { git } = plan;
  return git?.sha ? { sha: git.sha, branch: git.branch, dirty: git.dirty, ...describeCommit(git) } : null;
}
