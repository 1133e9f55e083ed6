import type { Problems } from './problems.ts';
import type { Place } from './source.ts';

/** What may be called how: each kind of name with its pattern and the rule in words. */
export const KINDS = {
  stage: {
    pattern: /^[A-Za-z0-9_][A-Za-z0-9_-]{0,99}$/,
    rule: 'letters, digits, - and _, at most 100, not beginning with -',
  },
  pipeline: {
    pattern: /^[A-Za-z0-9_][A-Za-z0-9_./-]{0,99}$/,
    rule: 'letters, digits, - _ . and /, at most 100',
  },
  identifier: {
    pattern: /^[A-Za-z_][A-Za-z0-9_-]{0,99}$/,
    rule: 'letters, digits, - and _, beginning with a letter',
  },
  artifact: {
    pattern: /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,99}$/,
    rule: 'letters, digits, - _ and ., at most 100',
  },
  environment: {
    pattern: /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,99}$/,
    rule: 'letters, digits, - _ and ., at most 100, not beginning with - or .',
  },
  variable: {
    pattern: /^[A-Za-z_][A-Za-z0-9_]{0,254}$/,
    rule: 'letters, digits and _, beginning with a letter',
  },
  service: {
    pattern: /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/,
    rule: 'small letters, digits and -, at most 63: stages find the service under it',
  },
  label: {
    pattern: /^[a-z0-9][a-z0-9._/=-]{0,62}$/,
    rule: 'small letters, digits and - _ . / =, at most 63',
  },
  secret: {
    pattern: /^[A-Za-z0-9_][A-Za-z0-9_./-]{0,199}$/,
    rule: 'letters, digits, - _ . and /',
  },
} as const;

/** Whether a name is one; reports the rule when it is not. */
export function checkName(
  problems: Problems,
  kind: keyof typeof KINDS,
  what: string,
  name: string,
  place: Place,
): boolean {
  const { pattern, rule } = KINDS[kind];
  // `__proto__` would vanish from every record that is keyed by it.
  if (pattern.test(name) && name !== '__proto__') return true;
  problems.report('KDL015', place, `${JSON.stringify(name)} is no name for ${what}`, {
    hint: `a name has ${rule}`,
  });
  return false;
}

/** A variable that the file may set; what begins with BUILDIT is ours (LANGUAGE §11). */
export function checkVariable(problems: Problems, name: string, place: Place): boolean {
  if (!checkName(problems, 'variable', 'an environment variable', name, place)) return false;
  if (name !== 'BUILDIT' && !name.startsWith('BUILDIT_')) return true;
  problems.report('KDL041', place, `the variable ${name} is set by BuildIt itself`, {
    hint: 'choose a name that does not begin with BUILDIT',
  });
  return false;
}
