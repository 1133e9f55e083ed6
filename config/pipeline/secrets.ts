import type { SecretUse } from '#core/plan.ts';
import { readString } from './interpolate.ts';
import type { KdlValue } from './kdl.ts';
import { checkName, checkVariable } from './names.ts';
import type { Problems } from './problems.ts';
import type { Scope } from './scope.ts';
import type { WordNode } from './shape.ts';
import type { Place } from './source.ts';
import { findWord, listWord, readText, type Reading } from './values.ts';

/** Secrets that are released into a stage or a service, whose environment is `env`. */
export function readSecrets(reading: Reading, node: WordNode, env: Scope['env']): SecretUse[] {
  const { problems, scope } = reading;
  const taken = new Map<string, Place>();
  const files = new Map<string, Place>();
  return listWord(node, 'secret').flatMap((one) => {
    const [value] = one.args;
    const name = value ? readString(problems, scope, value) : null;
    if (!value || name === null || !checkName(problems, 'secret', 'a secret', name, value.place)) return [];
    const as = readText(reading, one, 'as') ?? name;
    const place = findWord(one, 'as')?.args[0]?.place ?? value.place;
    const pathValue = findWord(one, 'file')?.args[0];
    const file = pathValue ? readFile(problems, scope, pathValue, files) : null;
    if (!checkVariable(problems, as, place)) return [];
    const first = taken.get(as);
    if (first || env.has(as)) {
      problems.report('KDL011', place, `the variable ${as} is set already`, {
        related: first ? [{ place: first, message: 'first set here' }] : [],
        hint: `release the secret under another name: secret "${name}" as="…"`,
      });
    }
    taken.set(as, place);
    return [{ name, as, ...(file === null ? {} : { file }) }];
  });
}

/** Folders of the kernel, and of our own, in a stage's container. */
const TAKEN_FOLDERS = /^\/(proc|sys|dev|buildit|workspace)(\/|$)/;

/** A path that names one file of the container, and none of the workspace, which artifacts and caches are taken from. */
function readFile(problems: Problems, scope: Scope, value: KdlValue, files: Map<string, Place>): string | null {
  const path = readString(problems, scope, value);
  if (path === null) return null;
  const isPath = /^(\/[^/\0\r\n]+)+$/.test(path) && !path.split('/').some((part) => part === '.' || part === '..');
  if (!isPath || TAKEN_FOLDERS.test(path)) {
    problems.report('KDL014', value.place, `${JSON.stringify(path)} is no place for a secret`, {
      hint: 'write an absolute path outside /workspace, /buildit, /proc, /sys and /dev: file="/run/secrets/token"',
    });
    return null;
  }
  const first = files.get(path);
  if (first) {
    problems.report('KDL011', value.place, `the file ${path} holds a secret already`, {
      related: [{ place: first, message: 'first written here' }],
    });
  }
  files.set(path, value.place);
  return path;
}
