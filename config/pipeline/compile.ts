import type { Diagnostic } from '#core/diagnostic.ts';
import type { ParamDeclaration } from '#core/param.ts';
import type { GatePlan, GeneratedText, MatrixGroup, Plan, PlanNode, PlanValue } from '#core/plan.ts';
import { listStageSecrets } from '#core/stage-texts.ts';
import type { DeclaredTrigger } from '#core/trigger.ts';
import { createBudget } from './budget.ts';
import { findCacheScopes } from './cache-scopes.ts';
import { declareCaches } from './caches.ts';
import { readConcurrency } from './concurrency.ts';
import { declareNodes, listVertices, reportIn, type Vertex } from './declarations.ts';
import { describeParams } from './declared-params.ts';
import { describeTriggers } from './declared-triggers.ts';
import { digestPlan } from './digest.ts';
import type { FileExecutor } from './executors.ts';
import type { TriggerFacts } from './facts.ts';
import { readGate } from './gate.ts';
import { checkGenerated } from './generated.ts';
import { buildGraph, type Graph } from './graph.ts';
import { checkName } from './names.ts';
import { lookUpStage } from './outputs.ts';
import { readParams } from './params.ts';
import { collectProblems, type Problems } from './problems.ts';
import { recordImports } from './recorded-imports.ts';
import { assembleFile } from './reuse/assemble.ts';
import { type ImportReader, NO_FILES } from './reuse/import-reader.ts';
import type { Scope } from './scope.ts';
import { requireSelected, selectNodes } from './select.ts';
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
  /** What stages of the open run have written: compiled as if it stood in the file. */
  generated?: readonly GeneratedText[];
}

export interface CompileOutput {
  /** Null when a diagnostic is an error. */
  plan: Plan | null;
  /** All of them, sorted by position. */
  diagnostics: Diagnostic[];
  /** Stages that the file declares, a matrix as one. */
  stageCount: number;
  /** As the file declares them. */
  params: ParamDeclaration[];
  /** Each `on` of it; none while there is an error. */
  triggers: DeclaredTrigger[];
  /** Texts of the imported files by name, for the frames of diagnostics in them. */
  texts: Readonly<Record<string, string>>;
}

/**
 * Text → Plan (ARCHITECTURE §1). Pure and synchronous; everything that can be wrong with
 * the text is found here, all of it at once. Bounded in time whatever the text contains.
 */
export function compile(input: CompileInput): CompileOutput {
  const problems = collectProblems(createSource(input.file, input.text));
  const recorded: Record<string, string> = {};
  const imports = recordImports(input.imports ?? NO_FILES, recorded);
  const assembled = assembleFile(problems, imports, input.generated ?? []);
  if (!assembled)
    return { plan: null, diagnostics: problems.list(), stageCount: 0, params: [], triggers: [], texts: {} };
  const { file, digests } = assembled;
  const stageCount = file.words.get('stage')?.length ?? 0;
  const plan = compileFile(problems, input, file, digests);
  keepSource(plan, input, recorded);
  const texts = Object.fromEntries(assembled.texts);
  const params = describeParams({ problems, scope: createScope(input) }, file.words.get('pipeline')?.[0] ?? null);
  const isWhole = !problems.hasErrors();
  const triggers = isWhole ? describeTriggers(problems, file, plan.triggers) : [];
  return { plan: isWhole ? plan : null, diagnostics: problems.list(), stageCount, params, triggers, texts };
}

/** What a file may look at before anything of it is read. */
function createScope(input: CompileInput): Scope {
  return {
    facts: input.facts,
    pipelineName: nameOfFile(input.file),
    params: new Map(),
    matrix: null,
    stage: null,
    env: new Map(Object.entries(input.facts?.env ?? {})),
    stages: null,
  };
}

function compileFile(problems: Problems, input: CompileInput, file: WordNode, imports: Record<string, string>): Plan {
  const pipeline = file.words.get('pipeline')?.[0] ?? null;
  const base = createScope(input);
  const params = readParams(problems, base, pipeline, input.params);
  const scope: Scope = { ...base, params, pipelineName: readName(problems, { ...base, params }, pipeline) };
  const declarations = declareNodes(problems, scope, file);
  // A file that only declares templates is made to be imported: it is checked, and never run by itself.
  const isForOthers = input.facts === null && declarations.length === 0 && file.words.has('template');
  if (declarations.length === 0 && !file.words.has('stage') && !isForOthers) {
    const place = pipeline?.namePlace ?? { start: 0, end: 1 };
    problems.report('KDL016', place, 'this file has no stage', { hint: 'add: stage "name" { run "…" }' });
  }
  const vertices = listVertices(problems, declarations);
  const scopeOf = ({ declaration, leg }: Vertex): Scope => ({
    ...scope,
    ...(declaration.node.reused ? { frames: declaration.node.reused.frames } : {}),
    stage: { name: declaration.name, index: declaration.index },
    matrix: leg
      ? { ...declaration.matrix?.extras, ...leg.values }
      : declaration.matrix?.late
        ? declaration.matrix.extras
        : null,
    ...(declaration.matrix?.late ? { isMatrixLate: true } : {}),
  });
  const graph = buildGraph(problems, declarations, vertices, scopeOf);
  const selected = selectNodes(problems, graph, input.stages);
  if (selected) requireSelected(problems, graph, selected);
  const notices = new Set<string>();
  const concurrency = pipeline ? readConcurrency({ problems, scope }, pipeline) : null;
  const context: StageContext = {
    graph,
    pipeline,
    concurrency,
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
    return [{ vertex, node }];
  });
  checkGenerated(problems, compiled);
  if (!budget.isSpent() && !isForOthers) context.caches.reportUnused();
  const isKept = (node: PlanNode) => selected === null || selected.has(node.name) || node.generatedBy !== undefined;
  const nodes = compiled.map(({ node }) => node).filter(isKept);
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
    ...(concurrency === null ? {} : { concurrency: concurrency.rule }),
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
    ...(vertex.declaration.generatedBy === null ? {} : { generatedBy: vertex.declaration.generatedBy }),
    gate: readGate(reading, node),
  };
  return gate;
}

/** Of a plan that its own stages may extend: they are compiled with it. */
function keepSource(plan: Plan, input: CompileInput, imports: Record<string, string>): void {
  const isGrowing = plan.nodes.some((node) => node.kind === 'stage' && node.generates);
  if (!isGrowing || !input.facts) return;
  const { text, params, executor, stages, generated } = input;
  const { trigger, pr } = input.facts;
  const { digest: _, ...rest } = plan;
  const given = { params: { ...params }, executor, stages: [...stages], generated: [...(generated ?? [])] };
  const source = { text, trigger, pr, imports, ...given };
  Object.assign(plan, { source, digest: digestPlan({ ...rest, source }) });
}

function isKnown(entry: [string, PlanValue | null]): entry is [string, PlanValue] {
  return entry[1] !== null;
}

function listGroups(graph: Graph, selected: ReadonlySet<string> | null): Record<string, MatrixGroup> {
  const groups: Record<string, MatrixGroup> = {};
  for (const [name, vertices] of Map.groupBy(graph.vertices, (vertex) => vertex.declaration.name)) {
    const matrix = vertices[0]?.declaration.matrix;
    const kept = vertices.filter(
      (vertex) => selected === null || selected.has(vertex.name) || vertex.declaration.generatedBy,
    );
    if (!matrix || kept.length === 0) continue;
    // Of one that is still to come the legs follow when the run knows them.
    const legs = matrix.late ? [] : kept.map((leg) => leg.name);
    groups[name] = { legs, failFast: matrix.failFast, maxParallel: matrix.maxParallel };
  }
  return groups;
}

function listSecrets(nodes: readonly PlanNode[]): string[] {
  const names = nodes.flatMap((node) => (node.kind === 'gate' ? [] : listStageSecrets(node)));
  return [...new Set(names)].toSorted();
}
