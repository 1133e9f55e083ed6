import type { Step } from '#core/plan.ts';
import type { Text } from '#core/text.ts';
import { resolveReference } from './interpolate.ts';
import type { KdlValue } from './kdl.ts';
import type { Problems } from './problems.ts';
import { scopeAt } from './reuse/frames.ts';
import type { Scope } from './scope.ts';
import type { WordNode } from './shape.ts';
import { type Analysis, analyzeScript, bindScript } from './shell/bind.ts';
import { type Place, positionAt } from './source.ts';
import { placeWithin } from './strings.ts';
import { listWord } from './values.ts';

/** Variables that references of a stage's scripts are bound to, by name. */
export type Bindings = Map<string, Text>;

/**
 * The steps of a stage. No value becomes script text (LANGUAGE §5): each reference is
 * replaced by the expansion of a variable that is added to `bindings`.
 */
export function compileSteps(
  problems: Problems,
  scope: Scope,
  stage: WordNode,
  shell: readonly string[],
  bindings: Bindings,
): Step[] {
  const names = new Map<string, string>();
  return listWord(stage, 'run').flatMap((node) => {
    const [value] = node.args;
    if (!value || typeof value.value !== 'string') return [];
    if (value.value.trim() === '') {
      problems.report('KDL016', value.place, 'this script is empty');
      return [];
    }
    if (value.value.includes('\0')) {
      problems.report('KDL014', value.place, 'a script cannot contain a NUL character');
      return [];
    }
    const script = compileScript(problems, scope, value, value.value, shell, names, bindings);
    const source = node.place.source ?? problems.source;
    const { line } = positionAt(source, node.place.start);
    return [{ script, title: titleOf(value.value), line, ...(source.order > 0 ? { file: source.file } : {}) }];
  });
}

function compileScript(
  problems: Problems,
  outer: Scope,
  value: KdlValue,
  text: string,
  shell: readonly string[],
  names: Map<string, string>,
  bindings: Bindings,
): string {
  const scope = scopeAt(problems, outer, value.place);
  const placeOf = ({ start, end }: Place) => placeWithin(problems.source, value, start, end);
  const analysis = analyzeOnce(value, text, shell);
  for (const refusal of analysis.refusals) {
    problems.report(refusal.code, placeOf(refusal), refusal.message, { hint: refusal.hint });
  }
  return bindScript(text, analysis, (reference) => {
    const key = `${reference.path.join('.')}\0${reference.fallback ?? '\0'}`;
    const known = names.get(key);
    if (known !== undefined) return known;
    const bound = resolveReference(problems, scope, reference, placeOf(reference), { secrets: true });
    const name = `BUILDIT_V${names.size + 1}`;
    names.set(key, name);
    if (bound !== null) bindings.set(name, bound);
    return name;
  });
}

/** The legs of a matrix share their scripts; what becomes of one does not depend on values. */
const analyses = new WeakMap<KdlValue, Map<string, Analysis>>();

function analyzeOnce(value: KdlValue, text: string, shell: readonly string[]): Analysis {
  const byShell = analyses.get(value) ?? new Map<string, Analysis>();
  analyses.set(value, byShell);
  const key = shell.join('\0');
  const analysis = byShell.get(key) ?? analyzeScript(text, shell);
  byShell.set(key, analysis);
  return analysis;
}

const TITLE_LENGTH = 80;

/** First line that says something, as it is written, shortened. */
function titleOf(script: string): string {
  const line =
    script
      .split(/[\r\n]+/)
      .find((one) => one.trim() !== '')
      ?.trim() ?? '';
  const chars = Array.from(line);
  return chars.length > TITLE_LENGTH ? `${chars.slice(0, TITLE_LENGTH - 1).join('')}…` : line;
}
