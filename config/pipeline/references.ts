/** A reference as it is written: `${git.sha}`, `${params.v ?? "dev"}`, `{branch}`. */
export interface Reference {
  kind: 'reference';
  /** Segments; a leg keeps its brackets: `stages`, `test[node=22]`, `outputs`, `tag`. */
  path: string[];
  fallback: string | null;
  /** Offsets in the text, with the braces. */
  start: number;
  end: number;
}

export type Part =
  | { kind: 'literal'; text: string }
  | Reference
  /** `{checksum FILE…}`: globs of the files whose contents it stands for. */
  | { kind: 'checksum'; files: string[]; start: number; end: number }
  /** `${` that is not followed by a path of ours, or a checksum of no file. */
  | { kind: 'malformed'; start: number; end: number };

/** Roots of references (LANGUAGE §5). */
export const ROOTS = ['git', 'pr', 'pipeline', 'run', 'stage', 'env', 'secrets', 'params', 'matrix', 'stages'] as const;

export type Root = (typeof ROOTS)[number];

/** Whether a name is a root of references. */
export function isRoot(name: string): name is Root {
  return (ROOTS as readonly string[]).includes(name);
}

/** Bare names that stand for a field of `git`, outside scripts only. */
export const GIT_NAMES: readonly string[] = ['branch', 'sha', 'tag'];

const SEGMENT = '[A-Za-z0-9_-]+(?:\\[[^\\]\\r\\n"\'`${}]{0,400}\\])?';
const PATH = `([A-Za-z_][A-Za-z0-9_-]*(?:\\.${SEGMENT}){0,8})`;
const FALLBACK = '(?:\\s*\\?\\?\\s*(?:"([^"]*)"|\'([^\']*)\'))?';
const BRACED = new RegExp(`\\{\\s*${PATH}${FALLBACK}\\s*\\}`, 'y');
const CHECKSUM_OPEN = /\{\s*checksum(?=[\s}])/y;
const CHECKSUM_FILES = /([^{}]*)\}/y;

/** The reference whose `{` stands at the offset, or null. */
export function readReference(text: string, brace: number, start: number): Reference | null {
  BRACED.lastIndex = brace;
  const match = BRACED.exec(text);
  if (!match) return null;
  const path = splitPath(match[1] ?? '');
  const fallback = match[2] ?? match[3] ?? null;
  return { kind: 'reference', path, fallback, start, end: BRACED.lastIndex };
}

/** Segments of a dotted path; dots inside a leg's brackets do not split. */
export function splitPath(path: string): string[] {
  return path.match(/(?:[^.[]|\[[^\]]*\])+/g) ?? [];
}

/**
 * Splits a string outside scripts into literal text and references. `${…}` is always a
 * reference, `{path}` only with a known root, so that globs and JSON stay what they are;
 * `$${` is a literal `${`.
 */
export function splitText(text: string): Part[] {
  const parts: Part[] = [];
  let literal = '';
  const flush = () => {
    if (literal !== '') parts.push({ kind: 'literal', text: literal });
    literal = '';
  };
  const marks = /\$\$\{|\$\{|\{/g;
  let offset = 0;
  for (let match = marks.exec(text); match; match = marks.exec(text)) {
    literal += text.slice(offset, match.index);
    offset = marks.lastIndex;
    if (match[0] === '$${') {
      literal += '${';
      continue;
    }
    const isLong = match[0] === '${';
    const checksum = readChecksum(text, offset - 1, match.index);
    if (checksum) {
      flush();
      parts.push(checksum);
      offset = checksum.end;
      marks.lastIndex = offset;
      continue;
    }
    const reference = readReference(text, offset - 1, match.index);
    const isOurs = reference !== null && (isLong || isShortForm(text, reference));
    if (isOurs) {
      flush();
      parts.push(reference);
      offset = reference.end;
    } else if (isLong) {
      flush();
      const close = text.indexOf('}', offset);
      const end = close === -1 || close - offset > 80 ? offset : close + 1;
      parts.push({ kind: 'malformed', start: match.index, end });
      offset = end;
    } else literal += '{';
    marks.lastIndex = offset;
  }
  literal += text.slice(offset);
  flush();
  return parts;
}

/** The checksum whose `{` stands at the offset; null when something else does. */
function readChecksum(
  text: string,
  brace: number,
  start: number,
): Extract<Part, { kind: 'checksum' | 'malformed' }> | null {
  CHECKSUM_OPEN.lastIndex = brace;
  if (!CHECKSUM_OPEN.test(text)) return null;
  CHECKSUM_FILES.lastIndex = CHECKSUM_OPEN.lastIndex;
  const inner = CHECKSUM_FILES.exec(text)?.[1];
  const files = (inner ?? '').split(/\s+/).filter((file) => file !== '');
  if (inner === undefined || files.length === 0) return { kind: 'malformed', start, end: CHECKSUM_OPEN.lastIndex };
  return { kind: 'checksum', files, start, end: CHECKSUM_FILES.lastIndex };
}

function isShortForm(text: string, { path, start, end }: Reference): boolean {
  const [root = ''] = path;
  const isTemplate = text[start - 1] === '{' && text[end] === '}';
  return !isTemplate && (path.length > 1 ? isRoot(root) : GIT_NAMES.includes(root));
}
