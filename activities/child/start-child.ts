import { isAbsolute, join } from 'node:path';
import { compile } from '#config/pipeline/compile.ts';
import type { ObjectReference, Reason } from '#core/attempt.ts';
import { outline } from '#core/outline.ts';
import { packOutline } from '#core/packed-outline.ts';
import type { Plan } from '#core/plan.ts';
import type { RunInput } from '#core/run.ts';
import { readSealed } from '#core/sealed-text.ts';
import type { ObjectStore } from '#store/object/port.ts';
import { putPlan } from '#store/object/put-plan.ts';
import type { RunSecretStore } from '#store/secret/port.ts';
import type { SnapshotTransfer } from '#store/snapshot/transfer.ts';
import type { Activities } from '../contract.ts';
import type { ChildRecords, PipelineRecord, RunRecord } from '../record/child-records.ts';
import { toFailure } from '../stage/failure.ts';
import { createPlanCache } from '../stage/plan-cache.ts';
import { deriveId } from './derive-id.ts';
import { findCircle, findHeldGroup } from './find-circle.ts';
import { readChildText } from './read-child-text.ts';

export interface ChildDeps {
  records: ChildRecords;
  objects: Pick<ObjectStore, 'get' | 'put' | 'stat'>;
  transfers: Pick<SnapshotTransfer, 'readManifest' | 'readContent'>;
  /** Of local runs. */
  secrets: Pick<RunSecretStore, 'open' | 'seal'>;
  /** Whether this server lets any pipeline run processes. */
  processExecutor: boolean;
}

type Input = Parameters<Activities['startChild']>[0];
type Answer = Awaited<ReturnType<Activities['startChild']>>;
/** `variables` are those of the pipeline itself, which a file has none of. */
type Found = { pipeline: PipelineRecord; file: string; text: string; variables?: Record<string, string> };

/**
 * Writes down the run that a stage starts, and answers what its workflow gets. The run's id comes from the attempt that
 * asks: asked again, it is the same run.
 */
export function createStartChild(deps: ChildDeps): Activities['startChild'] {
  const loadPlan = createPlanCache(deps.objects);
  return async (input) => {
    try {
      return await startChild(deps, loadPlan, input);
    } catch (error) {
      throw toFailure(error);
    }
  };
}

async function startChild(
  deps: ChildDeps,
  loadPlan: (reference: ObjectReference) => Promise<Plan>,
  input: Input,
): Promise<Answer> {
  const { records } = deps;
  const id = deriveId(input);
  const known = await records.findRun(id);
  if (known) return { kind: 'started', input: createInput(known, await loadPlan(known.plan), input) };
  const parent = await records.findRun(input.runId);
  if (!parent) throw new Error(`there is no run ${input.runId}`);
  const secret = Object.entries(input.params).find(([, value]) => readSealed(value) !== null);
  if (secret) return refuse('secret-output-misplaced', `the parameter "${secret[0]}" would be a secret output`);
  const found = await findPipeline(deps, parent, input.pipeline);
  if ('code' in found) return { kind: 'refused', reason: found };
  const chain = await records.listParents(parent.id);
  const circle = findCircle(chain, found.pipeline, input.pipeline);
  if (circle) return { kind: 'refused', reason: circle };
  const parentPlan = await loadPlan(parent.plan);
  // Its own count more than those of who starts it.
  const envFile = { ...parent.envFile, ...found.variables };
  const { plan, diagnostics } = compile({
    ...{ file: found.file, text: found.text, params: input.params, executor: null, stages: [] },
    facts: { git: parentPlan.git, trigger: 'pipeline', pr: null, env: envFile },
  });
  if (!plan) {
    const [first] = diagnostics.filter((one) => one.severity === 'error');
    const where = first ? `${first.file}:${first.span.start.line}: ${first.message}` : '';
    return refuse('child-invalid', `the pipeline "${input.pipeline}" is wrong: ${where}`);
  }
  const held = await findHeldGroup(chain, input.stage, plan, loadPlan);
  if (held) return { kind: 'refused', reason: held };
  if (leavesContainer(plan) && !leavesContainer(parentPlan) && parent.scope !== 'local' && !deps.processExecutor) {
    return refuse('process-executor-off', `the pipeline "${input.pipeline}" would run outside of containers`);
  }
  if (parent.trigger === 'local') {
    const values = await deps.secrets.open(parent.id, plan.secrets);
    if (Object.keys(values).length > 0) await deps.secrets.seal(id, values);
  }
  const { organizationId } = parent;
  const refused = await records.insertChild({
    ...{ id, organizationId, workspaceId: parent.workspaceId, workspace: parent.workspace, pipeline: found.pipeline },
    ...{ trigger: parent.trigger === 'local' ? 'local' : 'pipeline', startedBy: parent.startedBy },
    ...{ branch: parent.branch, commit: parent.commit, priority: parent.priority, maxParallel: parent.maxParallel },
    ...{ compiled: plan, plan: await putPlan(deps.objects, plan), source: parent.source, carried: {}, rerunOf: null },
    ...{ environment: parent.environment, envFile, dockerEndpoint: parent.dockerEndpoint },
    ...{ secretFile: null, debug: null, parent: { runId: parent.id, stage: input.stage } },
    createInput: () => {
      throw new Error('a child is started by its parent');
    },
  });
  if (refused) return { kind: 'refused', reason: refused };
  const row = await records.findRun(id);
  if (!row) throw new Error('a run that was inserted is there');
  return { kind: 'started', input: createInput(row, plan, input) };
}

/** On a server the pipeline of the workspace with that name; of a file the one beside it. */
async function findPipeline(deps: ChildDeps, parent: RunRecord, name: string): Promise<Found | Reason> {
  if (parent.pipelineVersion !== null) {
    const found = await deps.records.findNamed(parent.workspaceId, name);
    if (!found) return describe('child-unknown', `${parent.workspace} has no pipeline "${name}"`);
    if (!found.enabled) return describe('child-disabled', `the pipeline "${name}" is disabled`);
    const { id, version, text, variables } = found;
    const pipeline: PipelineRecord = { kind: 'server', id, name: found.name, version };
    return { pipeline, file: `${found.name}.kdl`, text, variables };
  }
  const found = await readChildText(deps.transfers, parent.source, parent.file, name);
  if (!found) {
    const message = `there is no pipeline "${name}": neither ${name}.kdl beside ${parent.file}, nor .buildit/${name}.kdl`;
    return describe('child-unknown', message);
  }
  const kind = parent.scope === 'local' ? 'local' : 'remote';
  const folder = parent.pipelinePath.endsWith(parent.file) ? parent.pipelinePath.slice(0, -parent.file.length) : '';
  const path = isAbsolute(parent.pipelinePath) ? join(folder, found.file) : found.file;
  return { ...found, pipeline: { kind, path } };
}

function createInput(row: RunRecord, plan: Plan, { runId, stage, label, share, commit }: Input): RunInput {
  return {
    runId: row.id,
    workspace: row.workspace,
    run: { label: row.label, number: row.number, attempt: row.attempt, url: '', trigger: row.trigger },
    plan: row.plan,
    outline: packOutline(outline(plan)),
    maxParallel: row.maxParallel,
    carried: {},
    startedBy: row.startedBy,
    parent: { runId, label, stage },
    ...(share ? { share } : {}),
    ...(commit ? { commit } : {}),
  };
}

function leavesContainer(plan: Plan): boolean {
  return plan.nodes.some((node) => node.kind === 'stage' && node.executor === 'process');
}

function refuse(code: string, message: string): Answer {
  return { kind: 'refused', reason: describe(code, message) };
}

function describe(code: string, message: string): Reason {
  return { code, message };
}
