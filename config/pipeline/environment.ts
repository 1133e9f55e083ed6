import type { Text } from '#core/text.ts';
import { interpolate } from './interpolate.ts';
import type { KdlValue } from './kdl.ts';
import { checkVariable } from './names.ts';
import type { Problems } from './problems.ts';
import type { Scope } from './scope.ts';
import type { WordNode } from './shape.ts';
import type { Place } from './source.ts';
import { listWord } from './values.ts';

/**
 * A layer of the environment over those of the scope (LANGUAGE §4: the stage wins). Values
 * see what stands above them through `${env.NAME}`.
 */
export function readEnvironment(problems: Problems, scope: Scope, node: WordNode): Map<string, Text> {
  return new Map([...scope.env, ...readOwnEnvironment(problems, scope, node)]);
}

/** As {@link readEnvironment}, without the layers below. */
export function readOwnEnvironment(problems: Problems, scope: Scope, node: WordNode): Map<string, Text> {
  const own = new Map<string, Text>();
  const env = new Map(scope.env);
  const seen = new Map<string, Place>();
  for (const { name, place, value } of listVariables(problems, node)) {
    if (!checkVariable(problems, name, place)) continue;
    const first = seen.get(name);
    if (first) {
      problems.report('KDL010', place, `the variable ${name} is set twice`, {
        related: [{ place: first, message: 'first set here' }],
      });
    }
    seen.set(name, place);
    const text = interpolate(problems, { ...scope, env }, value, { secrets: true });
    if (text === null) continue;
    env.set(name, text);
    own.set(name, text);
  }
  return own;
}

function listVariables(problems: Problems, node: WordNode): { name: string; place: Place; value: KdlValue }[] {
  return listWord(node, 'env').flatMap((word) => {
    const [name, value] = word.args;
    const own = word.own.flatMap((one) => {
      const [inner] = one.args;
      return inner ? [{ name: one.name, place: one.namePlace, value: inner }] : [];
    });
    if (name && value && typeof name.value === 'string') {
      return [{ name: name.value, place: name.place, value }, ...own];
    }
    const isEmpty = word.written === 0 && own.length === 0;
    if (word.written === 1 || isEmpty) {
      problems.report('KDL009', word.namePlace, '"env" wants a name and a value', {
        hint: 'write: env "NAME" "value", or a block: env { NAME "value" }',
      });
    }
    return own;
  });
}
