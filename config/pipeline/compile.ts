import type { Diagnostic } from '#core/diagnostic.ts';
import type { GatePlan, MatrixGroup, Plan, PlanNode, PlanValue } from '#core/plan.ts';
import { listStageSecrets } from '#core/stage-texts.ts';
import { createBudget } from './budget.ts';
import { findCacheScopes } from './cache-scopes.ts';
import { declareCaches } from './caches.ts';
import { declareNodes, listVertices, reportIn, type Vertex } from './declarations.ts';
import { digestPlan } from './digest.ts';
import type { FileExecutor } from './executors.ts';
import type { TriggerFacts } from './facts.ts';
import { readGate } from './gate.ts';
import { buildGraph, type Graph } from './graph.ts';
import { checkName } from './names.ts';
import { lookUpStage } from './outputs.ts';
import { readParams } from './params.ts';
import { collectProblems, type Problems } from './problems.ts';
import { assembleFile } from './reuse/assemble.ts';
import { type ImportReader, NO_FILES } from './reuse/import-reader.ts';
import type { Scope } from './scope.ts';
import { selectNodes } from './select.ts';
import type { WordNode } from './shape.ts';
import { createSource } from './source.ts';
import { compileStage, readCondition, readPlace, type StageContext } from './stage.ts';
import { readTriggers } from './triggers.ts';
import { readDuration, readText } from './values.ts';

export interface CompileInput {
  /** Path as given; names the file in diagnostics and in the plan. */
  file: string;
  text: string;
  /** Null validates only: facts of a run are then unknown, parameters not required. */
  facts: TriggerFacts | null;
  /** As given by `--param K=V`; typed and checked here. */
  params: Readonly<Record<string, string>>;
  /** `--executor`: goes before what the file says. */
  executor: FileExecutor | null;
  /** `--stage`: these and their ancestors; empty means all. */
  stages: readonly string[];
  /** Reads what the file imports; without it there are no other files, and an import is refused. */
  imports?: ImportReader;
}

export interface CompileOutput {
  /** Null when a diagnostic is an error. */
  plan: Plan | null;
  /** All of them, sorted by position. */
  diagnostics: Diagnostic[];
  /** Stages that the file declares, a matrix as one. */
  stageCount: number;
  /** Texts of the imported files by name, for the frames of diagnostics in them. */
  texts: Readonly<Record<string, string>>;
}

/**
 * Text → Plan (ARCHITECTURE §1). Pure and synchronous; everything that can be wrong with
 * the text is found here, all of it at once. Bounded in time whatever the text contains.
 */
export function compile(input: CompileInput): CompileOutput {
  const problems = collectProblems(createSource(input.file, input.text));
  const assembled = assembleFile(problems, input.imports ?? NO_FILES);
  if (!assembled) return { plan: null, diagnostics: problems.list(), stageCount: 0, texts: {} };
  const { file, digests } = assembled;
  const stageCount = file.words.get('stage')?.length ?? 0;
  const plan = compileFile(problems, input, file, digests);
  const texts = Object.fromEntries(assembled.texts);
  return { plan: problems.hasErrors() ? null : plan, diagnostics: problems.list(), stageCount, texts };
}

function compileFile(problems: Problems, input: CompileInput, file: WordNode, imports: Record<string, string>): Plan {
  const pipeline = file.words.get('pipeline')?.[0] ?? null;
  const base: Scope = {
    facts: input.facts,
    pipelineName: nameOfFile(input.file),
    params: new Map(),
    matrix: null,
    stage: null,
    env: new Map(Object.entries(input.facts?.env ?? {})),
    stages: null,
  };
  const params = readParams(problems, base, pipeline, input.params);
  const scope: Scope = { ...base, params, pipelineName: readName(problems, { ...base, params }, pipeline) };
  const declarations = declareNodes(problems, scope, file);
  if (declarations.length === 0 && !file.words.has('stage')) {
    const place = pipeline?.namePlace ?? { start: 0, end: 1 };
    problems.report('KDL016', place, 'this file has no stage', { hint: 'add: stage "name" { run "…" }' });
  }
  const vertices = listVertices(problems, declarations);
  const scopeOf = ({ declaration, leg }: Vertex): Scope => ({
    ...scope,
    ...(declaration.node.reused ? { frames: declaration.node.reused.frames } : {}),
    stage: { name: declaration.name, index: declaration.index },
    matrix: leg ? { ...declaration.matrix?.extras, ...leg.values } : null,
  });
  const graph = buildGraph(problems, declarations, vertices, scopeOf);
  const selected = selectNodes(problems, graph, input.stages);
  const notices = new Set<string>();
  const context: StageContext = {
    graph,
    pipeline,
    caches: declareCaches({ problems, scope }, file),
    executor: input.executor,
    notice: (text) => notices.add(text),
  };
  const budget = createBudget(problems, pipeline);
  const compiled = vertices.flatMap((vertex) => {
    if (budget.isSpent()) return [];
    const reporter = reportIn(problems, vertex.declaration.node);
    const node = compileNode(context, reporter, { ...scopeOf(vertex), stages: readStages(graph, vertex) }, vertex);
    budget.spend(vertex, node);
    return [node];
  });
  if (!budget.isSpent()) context.caches.reportUnused();
  const nodes = compiled.filter((node) => selected === null || selected.has(node.name));
  const reading = { problems, scope };
  const description = pipeline ? readText(reading, pipeline, 'description') : null;
  const timeoutMs = pipeline ? readDuration(reading, pipeline, 'timeout') : null;
  const triggers = readTriggers(reading, file);
  const plan: Omit<Plan, 'digest'> = {
    version: 1,
    pipeline: {
      name: scope.pipelineName,
      ...(description === null ? {} : { description }),
      ...(timeoutMs === null ? {} : { timeoutMs }),
    },
    file: input.file,
    params: Object.fromEntries([...params].filter(isKnown)),
    git: input.facts?.git ?? null,
    nodes,
    groups: listGroups(graph, selected),
    secrets: listSecrets(nodes),
    notices: [...notices],
    ...(triggers === null ? {} : { triggers }),
    ...(Object.keys(imports).length > 0 ? { imports } : {}),
  };
  if (nodes.some((node) => node.kind === 'stage' && node.caches)) plan.cacheScopes = findCacheScopes(input.facts);
  return { ...plan, digest: digestPlan(plan) };
}

function readName(problems: Problems, scope: Scope, pipeline: WordNode | null): string {
  const value = pipeline?.args[0];
  if (!pipeline || !value) return scope.pipelineName;
  const words = new Map([['name', [pipeline]]]);
  const name = readText({ problems, scope }, { ...pipeline, words }, 'name');
  if (name === null) return scope.pipelineName;
  checkName(problems, 'pipeline', 'a pipeline', name, value.place);
  return name;
}

/** `shop` for `.buildit/shop.kdl`; `pipeline` where the file name says nothing. */
function nameOfFile(file: string): string {
  const base = file.replace(/^.*[\\/]/, '').replace(/\.kdl$/, '');
  const name = base.replaceAll(/[^A-Za-z0-9_.-]/g, '-').replace(/^[.-]+/, '');
  return name === '' || name === 'buildit' ? 'pipeline' : name;
}

function readStages(graph: Graph, vertex: Vertex): NonNullable<Scope['stages']> {
  return (name, rest) => lookUpStage(graph, vertex, name, rest);
}

function compileNode(context: StageContext, problems: Problems, scope: Scope, vertex: Vertex): PlanNode {
  const reading = { problems, scope };
  if (vertex.declaration.kind === 'stage') return compileStage(context, reading, vertex);
  const { node } = vertex.declaration;
  const condition = readCondition(reading, node);
  const gate: GatePlan = {
    kind: 'gate',
    name: vertex.name,
    needs: (context.graph.needs.get(vertex.name) ?? []).map(({ to, on }) => ({ to, on })),
    ...readPlace(reading, node),
    when: condition?.condition ?? null,
    reads: condition?.required ?? [],
    gate: readGate(reading, node),
  };
  return gate;
}

function isKnown(entry: [string, PlanValue | null]): entry is [string, PlanValue] {
  return entry[1] !== null;
}

function listGroups(graph: Graph, selected: ReadonlySet<string> | null): Record<string, MatrixGroup> {
  const groups: Record<string, MatrixGroup> = {};
  for (const [name, vertices] of graph.groups) {
    const matrix = vertices[0]?.declaration.matrix;
    const legs = vertices.map((leg) => leg.name).filter((leg) => selected === null || selected.has(leg));
    if (!matrix || legs.length === 0) continue;
    groups[name] = { legs, failFast: matrix.failFast, maxParallel: matrix.maxParallel };
  }
  return groups;
}

function listSecrets(nodes: readonly PlanNode[]): string[] {
  const names = nodes.flatMap((node) => (node.kind === 'gate' ? [] : listStageSecrets(node)));
  return [...new Set(names)].toSorted();
}
