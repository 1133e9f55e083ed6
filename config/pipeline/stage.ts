import { sortAxes } from '#core/legs.ts';
import type { Resources, StagePlan } from '#core/plan.ts';
import { RUN_ON } from '#core/plan.ts';
import { listStageTexts } from '#core/stage-texts.ts';
import { listReferences, type Text } from '#core/text.ts';
import { readArtifacts } from './artifacts.ts';
import { type DeclaredCaches, readCaches, setHomeAside } from './caches.ts';
import { readChild } from './child.ts';
import { type readConcurrency, readStageConcurrency } from './concurrency.ts';
import { compileCondition } from './condition.ts';
import type { Vertex } from './declarations.ts';
import { readEnvironment } from './environment.ts';
import { type FileExecutor, supportOf, WORD_SUPPORT } from './executors.ts';
import { MANUAL_GATE, readGate } from './gate.ts';
import type { Graph } from './graph.ts';
import { readImage } from './image.ts';
import { readLateMatrix } from './late-matrix.ts';
import { checkName } from './names.ts';
import { splitPath } from './references.ts';
import { readNotes, readReports } from './reports.ts';
import { readRetries } from './retry.ts';
import { readLabels, readPlatform } from './runner.ts';
import type { Scope } from './scope.ts';
import { type Bindings, compileSteps } from './script.ts';
import { readSecrets } from './secrets.ts';
import { readServices } from './services.ts';
import type { WordNode } from './shape.ts';
import type { Place } from './source.ts';
import {
  findWord,
  listWord,
  readChoice,
  readDuration,
  readExitCodes,
  readFlag,
  readInteger,
  readLateText,
  readList,
  readSize,
  readText,
  type Reading,
} from './values.ts';

const DEFAULT_GRACE_MS = 10_000;
const DEFAULT_SHELL = ['sh', '-e'];
const NO_LIMITS: Resources = { cpu: null, memory: null, pids: null, disk: null };

/** What all stages of a file share while they are compiled. */
export interface StageContext {
  graph: Graph;
  /** Its words are the defaults of every stage. */
  pipeline: WordNode | null;
  /** Of the run as a whole. */
  concurrency: ReturnType<typeof readConcurrency>;
  /** Those at the top of the file. */
  caches: DeclaredCaches;
  /** `--executor`. */
  executor: FileExecutor | null;
  /** Said aloud when the run starts. */
  notice(text: string): void;
}

/** Compiles a stage, or one leg of it, with the defaults of the pipeline under its own words. */
export function compileStage(context: StageContext, reading: Reading, vertex: Vertex): StagePlan {
  const { problems, scope: outer } = reading;
  const { declaration, leg } = vertex;
  const { node } = declaration;
  const defaults = context.pipeline;
  const lower = defaults ? readEnvironment(problems, outer, defaults) : outer.env;
  const scope: Scope = { ...outer, env: readEnvironment(problems, { ...outer, env: lower }, node) };
  const inner: Reading = { problems, scope };
  /** The node that says a word: the stage, else the pipeline. */
  const say = (word: string): WordNode => (node.words.has(word) || !defaults?.words.has(word) ? node : defaults);

  const executor =
    context.executor ?? readChoice(inner, say('executor'), 'executor', ['docker', 'process']) ?? 'docker';
  const shell = readShell(inner, say('shell'));
  const bindings: Bindings = new Map();
  const steps = compileSteps(problems, scope, node, shell, bindings);
  const child = readChild(inner, node);
  if (!node.words.has('run') && !node.words.has('pipeline')) {
    problems.report('KDL016', declaration.namePlace, `the stage "${declaration.name}" runs nothing`, {
      hint: 'add: run "…"',
    });
  }
  const condition = readCondition(inner, node);
  const env = Object.fromEntries([...scope.env, ...bindings]);
  const image = readImage(inner, say('image'));
  const workdir = readLateText(inner, node, 'workdir');
  const secrets = readSecrets(inner, node, scope.env);
  const services = readServices(inner, node);
  const runsOn = readLabels(inner, say('runs-on'));
  const platform = readPlatform(inner, node);
  const noOutputTimeoutMs = readDuration(inner, node, 'no-output-timeout');
  checkSupport(context, reading, vertex, executor);
  const timeoutMs = readDuration(inner, node, 'timeout');
  const said = readCaches(inner, node, declaration.name, context.caches);
  const caches = executor === 'process' ? setHomeAside(said, declaration.name, context.notice) : said;
  const reads = listOutputs(listStageTexts({ env, image, workdir, services, caches, ...(child ? { child } : {}) }));
  return {
    kind: 'stage',
    name: vertex.name,
    stage: declaration.name,
    leg: leg ? sortAxes(leg.axes) : null,
    index: declaration.index,
    needs: (context.graph.needs.get(vertex.name) ?? []).map(({ to, on }) => ({ to, on })),
    ...readPlace(inner, node),
    when: condition?.condition ?? null,
    reads: [...new Set([...reads, ...(condition?.required ?? [])])],
    executor,
    image: executor === 'docker' ? image : null,
    shell,
    steps,
    env,
    secrets,
    workdir,
    user: readText(inner, node, 'user'),
    resources: readResources(inner, say('resources')),
    timeoutMs,
    graceMs: readDuration(inner, node, 'grace') ?? DEFAULT_GRACE_MS,
    retry: readRetries(inner, say('retry')),
    allowFailure: readAllowFailure(inner, node),
    artifacts: readArtifacts(inner, node, declaration.name),
    artifactsFrom: listArtifactSources(context.graph, vertex.name),
    gate: readStageGate(inner, node),
    ...(declaration.generatedBy === null ? {} : { generatedBy: declaration.generatedBy }),
    ...(child === null ? {} : { child }),
    ...readStageConcurrency(inner, node, context.concurrency),
    ...readEnvironmentName(inner, node),
    ...(readFlag(node, 'generate') ? { generates: true as const } : {}),
    ...readLateMatrix(inner, declaration),
    ...readReports(inner, node),
    ...readNotes(inner, node),
    ...(caches.length === 0 ? {} : { caches }),
    ...(services.length === 0 ? {} : { services }),
    ...(runsOn.length === 0 ? {} : { runsOn }),
    ...(platform === null ? {} : { platform }),
    ...(noOutputTimeoutMs === null ? {} : { noOutputTimeoutMs }),
  };
}

function readEnvironmentName(reading: Reading, node: WordNode): Pick<StagePlan, 'environment'> {
  const environment = readText(reading, node, 'environment');
  const place = findWord(node, 'environment')?.args[0]?.place;
  if (environment === null || !place) return {};
  return checkName(reading.problems, 'environment', 'an environment', environment, place) ? { environment } : {};
}

/** What decides whether a node runs, beside its needs: the same for stages and gates. */
export function readPlace(reading: Reading, node: WordNode): Pick<StagePlan, 'runOn' | 'ifAllSkipped'> {
  return {
    runOn: readChoice(reading, node, 'run-on', RUN_ON) ?? 'success',
    ifAllSkipped: readChoice(reading, node, 'if-all-skipped', ['skip', 'run']) ?? 'skip',
  };
}

/** The compiled `when` of a node, or null. */
export function readCondition({ problems, scope }: Reading, node: WordNode): ReturnType<typeof compileCondition> {
  const value = findWord(node, 'when')?.args[0];
  return value ? compileCondition(problems, scope, value) : null;
}

function readShell(reading: Reading, node: WordNode): string[] {
  const command = readList(reading, node, 'shell');
  const [first] = command;
  if (!first) return DEFAULT_SHELL;
  if (command.length > 1 && first.text.trim() !== '') return command.map((one) => one.text);
  if (/\s|^$/.test(first.text)) {
    reading.problems.report('KDL014', first.value.place, `"${first.text}" is no interpreter`, {
      hint: 'write each argument for itself: shell "bash" "-e"',
    });
  }
  const isShell = /(^|\/)(ba|da|a|k|mk|z)?sh$/.test(first.text);
  return isShell ? [first.text, '-e'] : [first.text];
}

function readResources(reading: Reading, node: WordNode): Resources {
  const found = findWord(node, 'resources');
  if (!found) return NO_LIMITS;
  return {
    cpu: readCpu(reading, found),
    memory: readSize(reading, found, 'memory'),
    pids: readInteger(reading, found, 'pids', { min: 1, max: 4_194_304 }),
    disk: readSize(reading, found, 'disk'),
  };
}

function readCpu(reading: Reading, node: WordNode): number | null {
  const value = findWord(node, 'cpu')?.args[0];
  if (!value) return null;
  const text = typeof value.value === 'number' ? String(value.value) : readText(reading, node, 'cpu');
  if (text === null) return null;
  if (/^\d+(\.\d+)?$/.test(text) && Number(text) > 0 && Number(text) <= 1_024) return Number(text);
  reading.problems.report('KDL014', value.place, `"${text}" is no number of CPUs`, {
    hint: 'write a number above zero: cpu="0.5"',
  });
  return null;
}

function readAllowFailure(reading: Reading, node: WordNode): StagePlan['allowFailure'] {
  const found = findWord(node, 'allow-failure');
  if (!found || found.args[0]?.value === false) return null;
  return found.words.has('exit') ? readExitCodes(reading, found) : 'any';
}

function readStageGate(reading: Reading, node: WordNode): StagePlan['gate'] {
  const gate = findWord(node, 'gate');
  const manual = readFlag(node, 'manual');
  if (gate && manual) {
    const place = findWord(node, 'manual')?.namePlace ?? gate.namePlace;
    reading.problems.report('KDL017', place, '"manual" and "gate" cannot stand together', {
      related: [{ place: gate.namePlace, message: 'the gate is here' }],
      hint: 'keep the gate: it says who may pass it',
    });
  }
  if (gate) return readGate(reading, gate);
  return manual ? MANUAL_GATE : null;
}

function checkSupport(context: StageContext, { problems }: Reading, vertex: Vertex, executor: FileExecutor): void {
  const { node, name, namePlace } = vertex.declaration;
  const defaults = context.pipeline;
  if (
    executor === 'docker' &&
    !node.words.has('pipeline') &&
    !node.words.has('image') &&
    !defaults?.words.has('image')
  ) {
    problems.report('KDL018', namePlace, `the stage "${name}" has no image`, {
      hint: 'add: image "…", or run it on this machine: executor "process" (or --executor process)',
    });
  }
  for (const word of Object.keys(WORD_SUPPORT)) {
    const support = supportOf(word, executor);
    const place = findPlace(node, word) ?? (defaults && findPlace(defaults, word));
    if (!place || support.kind === 'yes') continue;
    if (support.kind === 'set-aside') context.notice(`${name}: ${word} is set aside: ${support.reason}`);
    else {
      problems.report('KDL019', place, `"${word}" does not work with executor "${executor}"`, {
        label: support.reason,
        hint: `take ${word} out, or run the stage in a container`,
      });
    }
  }
}

/** Where a word stands that may be one inside another, `secret/file`. */
function findPlace(node: WordNode, path: string): Place | null {
  const [word = '', ...rest] = path.split('/');
  if (rest.length === 0) return findWord(node, word)?.namePlace ?? null;
  const places = listWord(node, word).map((one) => findPlace(one, rest.join('/')));
  return places.find((place) => place !== null) ?? null;
}

/** Outputs that a text reads without a default: without them the stage is skipped. */
function listOutputs(texts: readonly (Text | null | undefined)[]): string[] {
  return texts.flatMap((text) =>
    listReferences(text ?? '').flatMap(({ ref, fallback }) => (fallback === undefined && isOutput(ref) ? [ref] : [])),
  );
}

function isOutput(ref: string): boolean {
  const [root, , kind] = splitPath(ref);
  return root === 'stages' && kind === 'outputs';
}

/** Direct needs that keep artifacts; a gate is transparent, its needs count in its place. */
function listArtifactSources(graph: Graph, name: string): string[] {
  const sources = new Set<string>();
  const visited = new Set<string>();
  const collect = (from: string) => {
    for (const need of graph.needs.get(from) ?? []) {
      const vertex = graph.byName.get(need.to);
      if (!need.fetch || !vertex || visited.has(need.to)) continue;
      visited.add(need.to);
      const { kind, node } = vertex.declaration;
      if (kind === 'gate') collect(need.to);
      else if (node.words.has('artifact') || node.words.has('artifacts')) sources.add(need.to);
    }
  };
  collect(name);
  return [...sources];
}
