import type { Problem } from '#core/rest.ts';

/** What a refusal says of a field: `branch`, or the name of a parameter behind `param.`. The first word counts. */
export function errorsByField({ errors, diagnostics = [] }: Problem): Map<string, string> {
  const found = new Map<string, string>();
  const add = (field: string, message: string) => {
    if (!found.has(field)) found.set(field, message);
  };
  for (const { pointer, message } of errors) {
    const [, name = '', param] = pointer.split('/');
    if (name === 'params' && param !== undefined) add(`param.${decode(param)}`, message);
    else if (name === 'branch') add(name, message);
  }
  // The compiler says which parameter in words (KDL038).
  for (const { message } of diagnostics) {
    const name = /parameter "([^"]+)"/.exec(message)?.[1];
    if (name !== undefined) add(`param.${name}`, message);
  }
  return found;
}

/** A part of a JSON pointer as it was written (RFC 6901 §4). */
function decode(part: string): string {
  return part.replaceAll('~1', '/').replaceAll('~0', '~');
}
