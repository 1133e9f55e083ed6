import type { GeneratedText, PlanNode, StagePlan } from '#core/plan.ts';
import { listStageSecrets } from '#core/stage-texts.ts';
import type { Vertex } from './declarations.ts';
import { parseFile } from './parse.ts';
import type { Problems } from './problems.ts';
import { shapeFile, type WordNode } from './shape.ts';
import { createSource } from './source.ts';

/** Words that a generated text may have at its top; everything else is the file's to say. */
const GENERATED_WORDS = ['stage', 'gate'];

/** After every file that is imported. */
const FIRST_ORDER = 1_000;

/** Name of a generator's text in diagnostics. */
export function nameGenerated(by: string): string {
  return `$BUILDIT_STAGES of ${by}`;
}

/**
 * The file with the stages and gates that its generators have written while the run was open. They are compiled with it,
 * as if they stood in it: same names, templates, defaults and rules.
 */
export function joinGenerated(problems: Problems, file: WordNode, generated: readonly GeneratedText[]): WordNode {
  const words = new Map(file.words);
  for (const [index, { by, text }] of generated.entries()) {
    const source = { ...createSource(nameGenerated(by), text), order: FIRST_ORDER + index, generatedBy: by };
    const inside = problems.within(source);
    const nodes = parseFile(inside);
    if (!nodes) continue;
    for (const [word, found] of shapeFile(inside, nodes).words) {
      if (GENERATED_WORDS.includes(word)) words.set(word, [...(words.get(word) ?? []), ...found]);
      else for (const node of found) reportForeign(inside, node);
    }
  }
  return { ...file, words };
}

function reportForeign(problems: Problems, node: WordNode): void {
  problems.report('KDL071', node.namePlace, `"${node.name}" may not be generated`, {
    hint: 'write it into the pipeline file; a generator adds stages and gates',
  });
}

/**
 * A generated stage may do no more than the file lets its own stages do: a secret, an environment or a machine that none
 * of them asks for is not given to it, and it leaves no container when all of them are in one.
 */
export function checkGenerated(problems: Problems, compiled: readonly { vertex: Vertex; node: PlanNode }[]): void {
  if (compiled.every(({ vertex }) => vertex.declaration.generatedBy === null)) return;
  const stages = compiled.flatMap(({ vertex, node }) => (node.kind === 'stage' ? [{ vertex, stage: node }] : []));
  const own = stages.filter(({ vertex }) => vertex.declaration.generatedBy === null).map(({ stage }) => stage);
  for (const { vertex, stage } of stages) {
    const { generatedBy, namePlace } = vertex.declaration;
    if (generatedBy === null) continue;
    for (const { says, label, hint } of listExcesses(stage, own)) {
      problems.report('KDL072', namePlace, `the generated stage "${stage.stage}" ${says}`, { label, hint });
    }
  }
}

interface Excess {
  says: string;
  label: string;
  hint: string;
}

function* listExcesses(stage: StagePlan, own: readonly StagePlan[]): Generator<Excess> {
  const { environment } = stage;
  const beside = own.filter((one) => one.environment === environment);
  const asked = new Set(beside.flatMap(listStageSecrets));
  const secret = listStageSecrets(stage).find((name) => !asked.has(name));
  const where = environment === undefined ? '' : ` of the environment "${environment}"`;
  if (environment !== undefined && beside.length === 0) {
    yield {
      says: `names the environment "${environment}"`,
      label: 'no stage of the file names it',
      hint: `let a stage of the file name it, too: environment "${environment}"`,
    };
  } else if (secret !== undefined) {
    yield {
      says: `asks for the secret ${secret}${where}`,
      label: `no stage of the file${where} asks for it`,
      hint: `let the generator ask for it, too: secret "${secret}"`,
    };
  }
  const labels = (stage.runsOn ?? []).toSorted().join(' ');
  if (labels !== '' && !own.some(({ runsOn = [] }) => runsOn.toSorted().join(' ') === labels)) {
    yield {
      says: `would run on a machine with the labels ${labels}`,
      label: 'no stage of the file does',
      hint: 'let a stage of the file run there, too, or leave runs-on out',
    };
  }
  if (stage.executor === 'process' && own.every(({ executor }) => executor !== 'process')) {
    yield {
      says: 'would run outside of a container',
      label: 'no stage of the file does',
      hint: 'give it an image and executor "docker"',
    };
  }
}
