import type { Diagnostic } from '#core/diagnostic.ts';
import { compile, type CompileInput } from './compile.ts';
import { suggest } from './nearest.ts';
import { printScalar, printWord } from './print.ts';
import { collectProblems } from './problems.ts';
import { assembleFile } from './reuse/assemble.ts';
import { fillIn } from './reuse/fill-in.ts';
import { type ImportReader, NO_FILES } from './reuse/import-reader.ts';
import type { WordNode } from './shape.ts';
import { comparePlaces, createSource, positionAt, type Source } from './source.ts';

export type Explanation =
  | { kind: 'explained'; text: string }
  /** The file is wrong; nothing is explained. */
  | { kind: 'wrong'; diagnostics: Diagnostic[]; texts: Readonly<Record<string, string>> }
  /** No stage or gate has the name asked for. */
  | { kind: 'unknown-stage'; hint: string | null };

/** Words of the pipeline that stages take over, and those with a value when nobody says one. */
const INHERITED = ['image', 'executor', 'shell', 'retry', 'runs-on', 'resources'];
const BUILT_IN: Readonly<Record<string, string>> = {
  executor: 'executor "docker"',
  shell: 'shell "sh" "-e"',
  grace: 'grace "10s"',
  'run-on': 'run-on "success"',
};

/**
 * The effective file: every stage with what it says, what it takes over from the pipeline
 * and what holds when nobody says otherwise, each with where it comes from (LANGUAGE §8).
 * `only` names one stage or gate.
 */
export function explainFile(
  file: string,
  text: string,
  only: string | null,
  imports: ImportReader = NO_FILES,
): Explanation {
  const input: CompileInput = { file, text, facts: null, params: {}, executor: null, stages: [], imports };
  const { plan, diagnostics, texts } = compile(input);
  const problems = collectProblems(createSource(file, text));
  const assembled = plan === null ? null : assembleFile(problems, imports, []);
  if (!assembled) return { kind: 'wrong', diagnostics, texts };
  const top = assembled.file;
  const pipeline = top.words.get('pipeline')?.[0] ?? null;
  const declared = [...(top.words.get('stage') ?? []), ...(top.words.get('gate') ?? [])];
  const wanted = declared
    .filter((node) => only === null || node.args[0]?.value === only)
    .toSorted((a, b) => comparePlaces(a.place, b.place));
  if (wanted.length === 0 && only !== null) {
    return {
      kind: 'unknown-stage',
      hint:
        suggest(
          only,
          declared.map((node) => String(node.args[0]?.value)),
        ) ?? null,
    };
  }
  const blocks = wanted.map((node) =>
    explainNode(
      problems.source,
      node.reused ? fillIn(node, node.reused.frames) : node,
      node.name === 'stage' ? pipeline : null,
    ),
  );
  if (only === null) blocks.unshift(...explainTop(problems.source, top));
  if (pipeline && only === null) blocks.unshift(explainPipeline(problems.source, pipeline));
  return { kind: 'explained', text: `${blocks.join('\n\n')}\n` };
}

function explainPipeline(source: Source, pipeline: WordNode): string {
  const lines = ['description', 'timeout', 'param', 'concurrency'].flatMap((word) =>
    (pipeline.words.get(word) ?? []).map((node) => withOrigin(printWord(node, '    '), lineOf(source, node))),
  );
  return block(source, pipeline, lines);
}

/** What stands beside the stages and works by itself, each as a line or block of its own. */
function explainTop(source: Source, top: WordNode): string[] {
  const nodes = ['on', 'cache'].flatMap((word) => top.words.get(word) ?? []);
  return nodes.map((node) => withOrigin(printWord(node, ''), lineOf(source, node)));
}

function explainNode(source: Source, node: WordNode, pipeline: WordNode | null): string {
  const lines: string[] = [];
  const own = [...node.words.values()].flat().filter((inner) => !['env', 'uses', 'with'].includes(inner.name));
  for (const inner of own) lines.push(withOrigin(printWord(inner, '    '), lineOf(source, inner)));
  // A stage that runs another pipeline has nothing to run in: defaults of scripts mean nothing to it.
  const hasScripts = node.name === 'stage' && !node.words.has('pipeline');
  const variables = hasScripts ? listEnvironment(source, node, pipeline) : [];
  for (const { name, value, origin } of variables) {
    lines.push(withOrigin(`    env ${printScalar(name)} ${value}`, origin));
  }
  for (const word of pipeline && hasScripts ? INHERITED : []) {
    if (node.words.has(word)) continue;
    for (const inner of pipeline?.words.get(word) ?? []) {
      lines.push(withOrigin(printWord(inner, '    '), `pipeline default, ${lineOf(source, inner)}`));
    }
  }
  for (const [word, text] of Object.entries(BUILT_IN)) {
    const isSaid = node.words.has(word) || (INHERITED.includes(word) && pipeline?.words.has(word));
    const applies = hasScripts || word === 'run-on';
    if (!isSaid && applies) lines.push(withOrigin(`    ${text}`, 'built-in default'));
  }
  return block(source, node, lines);
}

/** Variables in effect: those of the pipeline that the stage does not set, then its own. */
function listEnvironment(
  source: Source,
  node: WordNode,
  pipeline: WordNode | null,
): { name: string; value: string; origin: string }[] {
  const layer = (of: WordNode | null, prefix: string) =>
    (of?.words.get('env') ?? []).flatMap((word) => {
      const [name, value] = word.args;
      const pairs = word.own.map((own) => ({ name: own.name, value: own.args[0], at: own }));
      if (typeof name?.value === 'string') pairs.unshift({ name: name.value, value, at: word });
      return pairs.map((pair) => ({
        name: pair.name,
        value: printScalar(pair.value?.value ?? null),
        origin: prefix + lineOf(source, pair.at),
      }));
    });
  const own = layer(node, '');
  const inherited = layer(pipeline, 'pipeline default, ');
  return [...inherited.filter((one) => !own.some((other) => other.name === one.name)), ...own];
}

function block(source: Source, node: WordNode, lines: readonly string[]): string {
  const head = [node.name, ...node.args.map(({ value }) => printScalar(value))].join(' ');
  return `${withOrigin(`${head} {`, lineOf(source, node))}\n${lines.map((line) => `${line}\n`).join('')}}`;
}

/** `line 3`; of an imported file with its name. */
function lineOf(source: Source, node: WordNode): string {
  const own = node.place.source ?? source;
  const { line } = positionAt(own, node.place.start);
  return own.order === 0 ? `line ${line}` : `${own.file}:${line}`;
}

/** The origin behind the first line; what follows it belongs to the same word. */
function withOrigin(text: string, origin: string): string {
  const end = text.indexOf('\n');
  return end === -1 ? `${text} // ${origin}` : `${text.slice(0, end)} // ${origin}${text.slice(end)}`;
}
