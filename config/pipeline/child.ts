import type { ChildPipeline } from '#core/plan.ts';
import type { Text } from '#core/text.ts';
import { interpolate, readString } from './interpolate.ts';
import { checkName } from './names.ts';
import type { WordNode } from './shape.ts';
import { findWord, listWord, type Reading } from './values.ts';

/** What a stage may say beside an action: when it runs, never how a script would. */
const BESIDE = [
  ...['needs', 'need', 'if-all-skipped', 'run-on', 'when', 'manual', 'gate', 'matrix', 'uses', 'with'],
  ...['concurrency', 'environment', 'allow-failure', 'pipeline'],
];

/** The action of a stage that runs another pipeline; null for a stage of scripts. */
export function readChild(reading: Reading, node: WordNode): ChildPipeline | null {
  const { problems, scope } = reading;
  const found = findWord(node, 'pipeline');
  const value = found?.args[0];
  if (!found || !value) return null;
  for (const [word, [first]] of node.words) {
    if (BESIDE.includes(word) || !first) continue;
    problems.report('KDL074', first.namePlace, `"${word}" has no effect beside "pipeline"`, {
      related: [{ place: found.namePlace, message: 'this is what the stage does' }],
      hint: 'say it in the pipeline that is run, or in a stage of its own',
    });
  }
  const exit = findWord(node, 'allow-failure')?.words.get('exit')?.[0];
  if (exit) problems.report('KDL074', exit.namePlace, 'a pipeline has no exit code: its run passes or fails');
  const name = readString(problems, scope, value);
  if (name === null || !checkName(problems, 'pipeline', 'a pipeline', name, value.place)) return null;
  return { name, params: readParams(reading, found) };
}

function readParams({ problems, scope }: Reading, node: WordNode): Record<string, Text> {
  const params: Record<string, Text> = {};
  for (const one of listWord(node, 'param')) {
    const [key, value] = one.args;
    const name = key ? readString(problems, scope, key) : null;
    if (!key || !value || name === null) continue;
    if (!checkName(problems, 'identifier', 'a parameter', name, key.place)) continue;
    if (Object.hasOwn(params, name)) {
      problems.report('KDL011', key.place, `the parameter "${name}" is given twice`);
      continue;
    }
    const text =
      typeof value.value === 'string' ? interpolate(problems, scope, value, { secrets: false }) : String(value.value);
    if (text !== null) params[name] = text;
  }
  return params;
}
