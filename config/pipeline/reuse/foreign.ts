import type { KdlValue } from '../kdl.ts';
import type { Problems } from '../problems.ts';
import { splitText } from '../references.ts';
import type { WordNode } from '../shape.ts';
import { findWord, listWord } from '../values.ts';

/**
 * A template of another repository names no secret: whoever uses it says which of theirs it gets, through a parameter
 * without a default. Otherwise the next version of a library could ask for one more, and nobody here would have said so.
 */
export function checkForeign(problems: Problems, template: WordNode, body: WordNode): void {
  const given = listWord(template, 'param')
    .filter((param) => !findWord(param, 'default'))
    .map((param) => param.args[0]?.value);
  const check = (node: WordNode) => {
    const [first] = node.args;
    const isNamed = node.name === 'secret' && first && !given.includes(readParameter(first));
    if (isNamed || node.args.some(namesSecret)) {
      problems.report('KDL052', first?.place ?? node.place, 'a template of another repository names a secret', {
        hint: 'let it be given: param "token" type="secret", then secret "${params.token}"',
      });
    }
    for (const inner of [...node.words.values(), node.own].flat()) check(inner);
  };
  check(body);
}

/** The parameter that a string is the value of, and nothing else. */
function readParameter({ value }: KdlValue): string | null {
  const [part, ...rest] = typeof value === 'string' ? splitText(value) : [];
  if (part?.kind !== 'reference' || rest.length > 0 || part.fallback !== null) return null;
  return part.path[0] === 'params' ? (part.path[1] ?? null) : null;
}

function namesSecret({ value }: KdlValue): boolean {
  const parts = typeof value === 'string' ? splitText(value) : [];
  return parts.some((part) => part.kind === 'reference' && part.path[0] === 'secrets');
}
