import { isDeepStrictEqual } from 'node:util';
import { LIMITS } from '../pipeline/guard.ts';
import type { KdlNode, KdlValue } from '../pipeline/kdl.ts';
import { lexKdl } from '../pipeline/lexer.ts';
import { normalizeCondition } from '../pipeline/older-condition.ts';
import { splitText } from '../pipeline/references.ts';
import { currentName, takesList, type Word } from '../pipeline/word.ts';
import { FILE_WORD } from '../pipeline/words.ts';
import { innerWord, type TextKind, textKindOf } from './text-kind.ts';

/** A node without its spelling: what stands inside by name, in order. */
interface Meaning {
  args: unknown[];
  inner: [string, Meaning[]][];
}

/** Whether two files say the same, whatever the spelling and whether it is right. */
export function isSameMeaning(before: readonly KdlNode[], after: readonly KdlNode[]): boolean {
  const file = (children: readonly KdlNode[]) =>
    meaningOf({ name: 'file', args: [], properties: [], children }, FILE_WORD, 'text');
  return isDeepStrictEqual(file(before), file(after));
}

/** The comments of a text, in the order of the alphabet: a list may move with its own. */
export function listComments(text: string): string[] {
  const { tokens } = lexKdl(text, LIMITS.depth);
  const comments = tokens.filter(({ kind }) => kind === 'comment');
  return comments.map(({ start, end }) => text.slice(start, end).trimEnd()).toSorted();
}

type Said = Pick<KdlNode, 'name' | 'args' | 'properties'> & { children: readonly KdlNode[] };

function meaningOf(node: Said, word: Word | null, kind: TextKind): Meaning {
  const inner = new Map<string, Meaning[]>();
  const entries: Said[] = [
    ...node.properties.map(({ key, value }) => ({
      name: key,
      args: value ? [value] : [],
      properties: [],
      children: [],
    })),
    ...node.children,
  ];
  for (const written of entries) {
    const entry = { ...written, name: currentName(word, written.name) };
    const known = innerWord(word, entry.name);
    const said = meaningOf(entry, known, textKindOf(word, entry.name));
    const group = inner.get(entry.name) ?? [];
    inner.set(entry.name, group);
    const first = group[0];
    const isNothing = isSilent(said) && known !== null && takesList(known.args);
    if (isNothing) continue;
    if (known?.repeat === 'adds' && first) {
      first.args.push(...said.args);
      first.inner.push(...said.inner);
    } else group.push(said);
  }
  const groups = [...inner].flatMap(([name, group]): Meaning['inner'] => {
    // A word that wants a value and has none is wrong wherever it stands among its like.
    const ordered = group.toSorted((a, b) => Number(isSilent(a)) - Number(isSilent(b)));
    return ordered.length === 0 ? [] : [[name, ordered]];
  });
  return {
    args: node.args.map((value) => valueOf(value, kind)),
    inner: groups.toSorted(([a], [b]) => (a < b ? -1 : 1)),
  };
}

function isSilent({ args, inner }: Meaning): boolean {
  return args.length === 0 && inner.length === 0;
}

/** A string as the compiler reads it at this word: its parts, or the condition as CEL. */
function valueOf({ value }: KdlValue, kind: TextKind): unknown {
  if (typeof value !== 'string' || kind === 'script') return value;
  if (kind === 'condition') return normalizeCondition(value).expression;
  return splitText(value).map((part) => {
    switch (part.kind) {
      case 'literal':
        return part.text;
      case 'reference':
        return [part.path, part.fallback];
      case 'checksum':
        return [part.files];
      case 'malformed':
        return part.kind;
      default:
        return part satisfies never;
    }
  });
}
