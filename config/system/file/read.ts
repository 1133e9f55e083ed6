import type { Diagnostic } from '#core/diagnostic.ts';
import { parseFile } from '../../pipeline/parse.ts';
import { collectProblems, type Problems } from '../../pipeline/problems.ts';
import { shapeFile, type WordNode } from '../../pipeline/shape.ts';
import { createSource, positionAt } from '../../pipeline/source.ts';
import type { Word } from '../../pipeline/word.ts';
import type { VariableName } from '../variables.ts';
import { explainValues } from './check-values.ts';
import { EXECUTOR_TYPES, FILE_SETTINGS, type FileSetting, SYSTEM_FILE_WORD } from './words.ts';

/** What a system file says, as the variables it stands for. */
export interface SystemFile {
  /** Path as given. */
  file: string;
  settings: { variable: VariableName; value: string; line: number }[];
  /** All of them, sorted by position; the settings hold when none is an error. */
  diagnostics: Diagnostic[];
}

/** Checks a system file: words, values and what goes together. Pure; all problems at once. */
export function readSystemFile(file: string, text: string): SystemFile {
  const problems = collectProblems(createSource(file, text));
  const nodes = parseFile(problems);
  if (!nodes) return { file, settings: [], diagnostics: problems.list() };
  const root = shapeFile(problems, nodes, SYSTEM_FILE_WORD);
  refuseSingleTenant(problems, root);
  checkExecutors(problems, root);
  checkChoices(problems, root, SYSTEM_FILE_WORD);
  const settings = FILE_SETTINGS.flatMap((setting) => {
    const node = findSetting(problems, root, setting);
    const value = node && writeValue(setting, node);
    if (!node || value === null || value === undefined) return [];
    const place = node.args[0]?.place ?? node.namePlace;
    // A pair of files is looked at together, below.
    const hint = setting.path.startsWith('temporal/tls') ? null : explainValues({ [setting.variable]: value });
    if (hint !== null)
      problems.report('KDL014', place, `${JSON.stringify(value)} is no value for ${node.name}`, { hint });
    return [{ variable: setting.variable, value, line: positionAt(problems.source, node.namePlace.start).line }];
  });
  const tls = settings.filter(({ variable }) => variable.startsWith('TEMPORAL_'));
  const hint = explainValues(Object.fromEntries(tls.map(({ variable, value }) => [variable, value])));
  const temporal = root.words.get('temporal')?.[0];
  if (hint !== null && temporal) problems.report('KDL017', temporal.namePlace, 'these do not go together', { hint });
  return { file, settings, diagnostics: problems.list() };
}

/** The node of a setting; of an executor, that of the executor's type. */
function findSetting(problems: Problems, root: WordNode, { path }: FileSetting): WordNode | null {
  const [first = '', ...rest] = path.split('/');
  if (first !== 'executors') {
    let node: WordNode | null = root;
    for (const name of [first, ...rest]) node = node?.words.get(name)?.[0] ?? null;
    return node;
  }
  const [type = '', name] = rest;
  const all = (root.words.get('executors') ?? []).flatMap((node) => node.words.get('executor') ?? []);
  const [executor, second] = all.filter((node) => typeOf(node) === type);
  if (second && name === undefined) {
    problems.report('KDL011', second.namePlace, `there is one executor of the type ${type} on a server`, {
      related: executor ? [{ place: executor.namePlace, message: 'first given here' }] : [],
    });
  }
  return (name === undefined ? executor : executor?.words.get(name)?.[0]) ?? null;
}

function typeOf(executor: WordNode): unknown {
  return (executor.words.get('type')?.[0]?.args[0] ?? executor.args[0])?.value;
}

function writeValue({ form }: FileSetting, node: WordNode): string | null {
  const values = node.args.map(({ value }) => value);
  switch (form) {
    case 'flag':
      return values[0] === false ? 'off' : 'on';
    case 'list':
      return values.length === 0 ? null : values.join(',');
    case 'text':
      return values[0] === undefined ? null : String(values[0]);
    default:
      return form satisfies never;
  }
}

/** Of the values that a word allows, wherever it stands. */
function checkChoices(problems: Problems, node: WordNode, word: Word): void {
  for (const [index, { choices }] of word.args.entries()) {
    const value = node.args[index];
    if (!choices || !value || choices.includes(String(value.value))) continue;
    problems.report('KDL014', value.place, `"${String(value.value)}" is no value of ${node.name}`, {
      label: `one of: ${choices.join(', ')}`,
    });
  }
  for (const [name, nodes] of node.words) {
    const inner = word.words[name];
    if (inner) for (const one of nodes) checkChoices(problems, one, inner);
  }
}

/** An executor has a type this build knows, and one of processes runs on the machine itself: nothing is to say about it. */
function checkExecutors(problems: Problems, root: WordNode): void {
  const executors = (root.words.get('executors') ?? []).flatMap((node) => node.words.get('executor') ?? []);
  for (const executor of executors) {
    const [name] = executor.args;
    if (name && !executor.words.has('type') && !EXECUTOR_TYPES.includes(String(name.value))) {
      problems.report('KDL016', name.place, `the executor "${String(name.value)}" says no type`, {
        hint: `add inside it: type "docker"; this build has ${EXECUTOR_TYPES.join(' and ')}`,
      });
    }
    if (typeOf(executor) !== 'process') continue;
    for (const [name, [node]] of executor.words) {
      if (name === 'type' || !node) continue;
      problems.report('KDL017', node.namePlace, `"${name}" means nothing for processes`, { hint: 'take it out' });
    }
  }
}

/** A file that says so would be ignored: a server has workspaces, and a laptop's engine has one of itself. */
function refuseSingleTenant(problems: Problems, root: WordNode): void {
  const node = root.words.get('system')?.[0]?.words.get('multi-tenant')?.[0];
  const value = node?.args[0];
  if (value?.value !== false) return;
  problems.report('KDL014', value.place, 'a server has organizations and workspaces', {
    hint: 'take it out; the engine of a laptop has one workspace by itself',
  });
}
