import type { CacheRule } from '#core/cache.ts';
import { listReferences, type Text } from '#core/text.ts';
import { interpolate, readString } from './interpolate.ts';
import type { KdlValue } from './kdl.ts';
import { checkName } from './names.ts';
import { suggest } from './nearest.ts';
import type { Problems } from './problems.ts';
import type { WordNode } from './shape.ts';
import { type Place, positionAt } from './source.ts';
import { findWord, listWord, readChoice, type Reading, readList } from './values.ts';

/** What the index of entries can hold in full. */
const MAX_KEY = 512;

/** The caches at the top of a file, by name, and which of them a stage has asked for. */
export interface DeclaredCaches {
  find(name: string): WordNode | null;
  names(): string[];
  /** Says of every cache that no stage has asked for that it has no effect. */
  reportUnused(): void;
}

/** Collects the caches at the top of a file; a stage takes one over by its name. */
export function declareCaches(reading: Reading, file: WordNode): DeclaredCaches {
  const { problems, scope } = reading;
  const declared = new Map<string, { node: WordNode; place: Place }>();
  const asked = new Set<string>();
  for (const node of listWord(file, 'cache')) {
    const [value] = node.args;
    const name = value ? readString(problems, scope, value) : null;
    if (!value || name === null || !checkName(problems, 'artifact', 'a cache', name, value.place)) continue;
    const first = declared.get(name);
    if (first) {
      problems.report('KDL011', value.place, `the cache "${name}" is declared twice`, {
        related: [{ place: first.place, message: 'first declared here' }],
      });
    } else declared.set(name, { node, place: value.place });
  }
  return {
    find(name) {
      asked.add(name);
      return declared.get(name)?.node ?? null;
    },
    names: () => [...declared.keys()],
    reportUnused() {
      for (const [name, { place }] of declared) {
        // An imported file may have more of them than one pipeline uses.
        if (asked.has(name) || (place.source?.order ?? 0) > 0) continue;
        problems.report('KDL046', place, `no stage uses the cache "${name}"`, {
          hint: `add to the stages that shall have it: cache "${name}"`,
        });
      }
    },
  };
}

/** The caches of a stage: those of the file that it names, and its own. */
export function readCaches(
  reading: Reading,
  stage: WordNode,
  stageName: string,
  declared: DeclaredCaches,
): CacheRule[] {
  const { problems, scope } = reading;
  const rules: CacheRule[] = [];
  const names = new Map<string, Place>();
  const taken = new Map<string, Place>();
  for (const node of listWord(stage, 'cache')) {
    const [value] = node.args;
    const name = value ? readString(problems, scope, value) : stageName;
    const place = value?.place ?? node.namePlace;
    if (name === null || !checkName(problems, 'artifact', 'a cache', name, place)) continue;
    const first = names.get(name);
    if (first) {
      problems.report('KDL011', place, `the cache "${name}" stands twice in this stage`, {
        related: [{ place: first, message: 'first given here' }],
        ...(value ? {} : { hint: 'give each cache a name: cache "name" { … }' }),
      });
      continue;
    }
    names.set(name, place);
    const source = findSource(problems, node, name, place, declared);
    const rule = source && readRule(reading, source, name, taken);
    if (rule) rules.push(rule);
  }
  return rules;
}

/** The node that says what a cache is: the stage's own, or that of the file. Null when reported. */
function findSource(
  problems: Problems,
  node: WordNode,
  name: string,
  place: Place,
  declared: DeclaredCaches,
): WordNode | null {
  const known = declared.find(name);
  if (node.words.size === 0) {
    if (known) return known;
    const nearest = suggest(name, declared.names());
    problems.report('KDL044', place, `there is no cache "${name}"`, {
      hint: nearest?.startsWith('did')
        ? nearest
        : `declare it at the top of the file: cache "${name}" { path "…"; key "…" }`,
    });
    return null;
  }
  if (!known) return node;
  problems.report('KDL011', place, `the cache "${name}" is declared twice`, {
    related: [{ place: known.args[0]?.place ?? known.namePlace, message: 'first declared here' }],
    hint: `use that one: cache "${name}", or give this one another name`,
  });
  return null;
}

function readRule(reading: Reading, node: WordNode, name: string, taken: Map<string, Place>): CacheRule | null {
  const { problems } = reading;
  const paths = readPaths(reading, node, taken);
  const keyNode = findWord(node, 'key');
  const keyValue = keyNode?.args[0];
  for (const [word, example] of [
    ['path', 'path "~/.npm"'],
    ['key', 'key "npm-{checksum package-lock.json}"'],
  ] as const) {
    if (node.words.has(word)) continue;
    problems.report('KDL016', node.namePlace, `the cache "${name}" has no ${word}`, {
      hint: `add inside it: ${example}`,
    });
  }
  const key = keyValue ? readKey(reading, keyValue) : null;
  const restore = listWord(node, 'restore').flatMap(({ args }) =>
    args.flatMap((value) => readKey(reading, value) ?? []),
  );
  const save = readChoice(reading, node, 'save', ['success', 'always']) ?? 'success';
  if (!keyNode || key === null || paths.length === 0) return null;
  const line = positionAt(keyNode.place.source ?? problems.source, keyNode.place.start).line;
  return { name, paths, key, restore, save, line };
}

/** A key or the beginning of one. It is shown, and kept in clear: no secret gets into it, by no way. */
function readKey({ problems, scope }: Reading, value: KdlValue): Text | null {
  const text = interpolate(problems, scope, value, { secrets: false });
  if (text === null) return null;
  if (listReferences(text).some(({ ref }) => ref.startsWith('secrets.'))) {
    problems.report('KDL029', value.place, 'a secret may not stand here', {
      hint: 'the variable it reads holds one; a key is shown to everybody who sees the run',
    });
    return null;
  }
  if (typeof text !== 'string') return text;
  if (text.trim() !== '' && text.length <= MAX_KEY && !text.includes('\0')) return text;
  problems.report('KDL014', value.place, `a key has 1 to ${MAX_KEY} characters`, {
    hint: 'hash what is long: {checksum FILE}',
  });
  return null;
}

/** Folders or files, in the workspace or the home; none inside another, also not of another cache of the stage. */
function readPaths(reading: Reading, node: WordNode, taken: Map<string, Place>): string[] {
  return readList(reading, node, 'path').flatMap(({ text, value }) => {
    const path = normalizePath(text);
    if (path === null) {
      reportPath(reading.problems, text, value.place);
      return [];
    }
    for (const [other, place] of taken) {
      if (!isWithin(path, other) && !isWithin(other, path)) continue;
      reading.problems.report('KDL045', value.place, `"${path}" is cached already`, {
        related: [{ place, message: `"${other}" is given here` }],
        hint: 'keep the outer one of the two: a folder is cached with all that is in it',
      });
      return [];
    }
    taken.set(path, value.place);
    return [path];
  });
}

function isWithin(path: string, folder: string): boolean {
  return path === folder || path.startsWith(`${folder}/`);
}

/** `./a//b/` as `a/b`; null for what is neither below the workspace nor below `~/`. */
function normalizePath(text: string): string | null {
  if (/[*?[\]{}\0\\]/.test(text) || text.startsWith('/') || /^~[^/]/.test(text)) return null;
  const isHome = text.startsWith('~');
  const parts = text
    .replace(/^~/, '')
    .split('/')
    .filter((part) => part !== '' && part !== '.');
  if (parts.length === 0 || parts.includes('..')) return null;
  return `${isHome ? '~/' : ''}${parts.join('/')}`;
}

function reportPath(problems: Problems, text: string, place: Place): void {
  const isGlob = /[*?[\]{}]/.test(text);
  problems.report('KDL014', place, `${JSON.stringify(text)} is no path of a cache`, {
    hint: isGlob
      ? 'name the folder: it is cached with all that is in it'
      : 'name a folder below the workspace (node_modules) or below the home (~/.npm), without ..',
  });
}

/**
 * What of a stage's caches a process can have: it works in the home of this account, which is nobody's to replace and
 * stays from run to run anyway. Paths in it are set aside, aloud.
 */
export function setHomeAside(rules: readonly CacheRule[], stage: string, notice: (text: string) => void): CacheRule[] {
  return rules.flatMap((rule) => {
    const home = rule.paths.filter((path) => path.startsWith('~/'));
    if (home.length > 0) {
      const shown = home.map((path) => `"${path}"`).join(', ');
      notice(`${stage}: ${shown} of cache "${rule.name}" is set aside: processes use the home of this account`);
    }
    const paths = rule.paths.filter((path) => !path.startsWith('~/'));
    return paths.length === 0 ? [] : [{ ...rule, paths }];
  });
}
