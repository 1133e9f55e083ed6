import { createRequire, registerHooks } from 'node:module';
import { pathToFileURL } from 'node:url';

/** What the parser saw of an entry or node, with offsets into the text it was given. */
export interface KdlToken {
  name: string;
  nameStart: number;
  nameEnd: number;
  start: number;
  end: number;
  tag: string | undefined;
  args: EntryToken[];
  properties: { key: string; keyStart: number; keyEnd: number; start: number; end: number; value: EntryToken }[];
  children: KdlToken[];
}

interface EntryToken {
  value: string | number | boolean | null;
  tag: string | undefined;
  start: number;
  end: number;
}

export interface ParseOutcome {
  nodes: KdlToken[];
  error: { start: number; end: number; image: string } | null;
}

/** The internals of kdljs 0.3.0 that this file stands on; a test guards them. */
interface KdlJs {
  lexer: { tokenize(text: string): { tokens: ChevToken[]; errors: { offset: number; length: number }[] } };
  parser: Record<RuleName, Rule> & {
    input: ChevToken[];
    errors: { token: ChevToken }[];
    document(): TreeNode[] | undefined;
    isBackTracking(): boolean;
    LA(distance: number): ChevToken;
  };
}

type RuleName = 'node' | 'property' | 'argument' | 'string' | 'tag' | 'unicodeEscape';

interface Rule {
  coreRule: (...args: unknown[]) => unknown;
}

interface ChevToken {
  image: string;
  startOffset: number;
  endOffset?: number;
  tokenType: { name: string };
}

interface TreeNode {
  name: string;
  children: TreeNode[];
}

type Frame = Omit<KdlToken, 'children' | 'name'>;

let loaded: { parse(text: string): ParseOutcome } | null = null;

/**
 * The KDL parser with positions. Loaded on first use, synchronously, with chevrotain's
 * one-file build in place of its 600 modules: 80 ms instead of 300 ms.
 */
export function loadParser(): { parse(text: string): ParseOutcome } {
  loaded ??= instrument(requireKdlJs());
  return loaded;
}

function requireKdlJs(): KdlJs {
  const require = createRequire(import.meta.url);
  const chevrotain = createRequire(require.resolve('kdljs')).resolve('chevrotain');
  const bundle = new URL('../chevrotain.min.mjs', pathToFileURL(chevrotain)).href;
  const hooks = registerHooks({
    resolve: (specifier, context, next) => next(specifier === 'chevrotain' ? bundle : specifier, context),
  });
  try {
    return require('kdljs/src/parser/kdl.js');
  } finally {
    hooks.deregister();
  }
}

/**
 * Wraps each rule's `coreRule` once, so that every node, property and argument is noted
 * with its offsets when it is really consumed (not while the parser only tries). The tree
 * of the parser itself tells which nodes count: `/-` keeps a node out of it.
 */
function instrument({ lexer, parser }: KdlJs): { parse(text: string): ParseOutcome } {
  let open: Frame[] = [];
  let finished = new Map<unknown, Frame>();
  let property: { keyStart: number; keyEnd: number; value: EntryToken | null } | null = null;
  let tagDepth = 0;

  const wrap = (
    name: RuleName,
    enter: (first: ChevToken) => void,
    leave: (result: unknown, first: ChevToken, last: ChevToken) => unknown,
  ) => {
    const original = parser[name].coreRule;
    parser[name].coreRule = function wrapped(this: KdlJs['parser'], ...args: unknown[]) {
      if (this.isBackTracking()) return original.apply(this, args);
      const first = this.LA(1);
      enter(first);
      const result = original.apply(this, args);
      // What a rule leaves behind stands for its result where it gives one.
      return leave(result, first, this.LA(0)) ?? result;
    };
  };

  wrap(
    'node',
    (first) =>
      open.push({
        start: first.startOffset,
        end: first.startOffset,
        nameStart: -1,
        nameEnd: -1,
        tag: undefined,
        args: [],
        properties: [],
      }),
    (result) => {
      const frame = open.pop();
      if (frame) finished.set(result, frame);
    },
  );
  wrap(
    'tag',
    () => tagDepth++,
    (result) => {
      tagDepth--;
      const frame = open.at(-1);
      if (frame && frame.nameStart === -1 && typeof result === 'string') frame.tag = result;
    },
  );
  wrap(
    'string',
    () => undefined,
    (_result, first, last) => {
      const frame = open.at(-1);
      if (!frame || tagDepth > 0) return;
      const end = endOf(last);
      if (frame.nameStart === -1) {
        frame.nameStart = first.startOffset;
        frame.nameEnd = end;
        frame.end = end;
      } else if (property && property.keyStart === -1) {
        property.keyStart = first.startOffset;
        property.keyEnd = end;
      }
    },
  );
  wrap(
    'unicodeEscape',
    () => undefined,
    // The parser keeps 16 bits of the number; characters beyond them would come out wrong.
    (_result, { image }) => String.fromCodePoint(Number.parseInt(image.slice(3, -1), 16)),
  );
  wrap(
    'argument',
    () => undefined,
    (result, first, last) => {
      const frame = open.at(-1);
      const entry = toEntry(result, first, last);
      if (!frame || !entry) return;
      if (property) property.value = entry;
      else if (!isSlashDashed(parser.input, first)) {
        frame.args.push(entry);
        frame.end = entry.end;
      }
    },
  );
  wrap(
    'property',
    () => {
      property = { keyStart: -1, keyEnd: -1, value: null };
    },
    (result, first) => {
      const done = property;
      property = null;
      const frame = open.at(-1);
      const key: unknown = Array.isArray(result) ? result[0] : undefined;
      if (!frame || !done?.value || typeof key !== 'string') return;
      if (isSlashDashed(parser.input, first)) return;
      const { keyStart, keyEnd, value } = done;
      frame.properties.push({ key, keyStart, keyEnd, value, start: first.startOffset, end: value.end });
      frame.end = value.end;
    },
  );

  const assemble = (tree: readonly TreeNode[]): KdlToken[] =>
    tree.flatMap((node) => {
      const frame = finished.get(node);
      if (!frame) return [];
      return [{ ...frame, name: node.name, children: assemble(node.children) }];
    });

  return {
    parse(text) {
      open = [];
      finished = new Map();
      property = null;
      tagDepth = 0;
      // The parser throws and catches an error for each entry it tries; traces cost most of it.
      const { stackTraceLimit } = Error;
      Error.stackTraceLimit = 0;
      try {
        const { tokens, errors } = lexer.tokenize(text);
        const lexical = errors[0];
        if (lexical) {
          const { offset, length } = lexical;
          const end = offset + length;
          return { nodes: [], error: { start: offset, end, image: text.slice(offset, end) } };
        }
        tokens.forEach((token, index) => positions.set(token, index));
        parser.input = tokens;
        const tree = parser.document();
        const syntax = parser.errors[0];
        if (syntax || !tree) return { nodes: [], error: locate(syntax?.token, text) };
        return { nodes: assemble(tree), error: null };
      } finally {
        Error.stackTraceLimit = stackTraceLimit;
        parser.input = [];
        finished = new Map();
      }
    },
  };
}

const positions = new WeakMap<ChevToken, number>();
const SKIPPED = new Set([
  ...['WhiteSpace', 'NewLine', 'EscLine', 'LineComment'],
  ...['OpenMultiLineComment', 'MultiLineCommentContent', 'CloseMultiLineComment'],
]);

/** Whether the entry that begins with this token stands behind `/-`. */
function isSlashDashed(tokens: readonly ChevToken[], first: ChevToken): boolean {
  let index = (positions.get(first) ?? 0) - 1;
  while (SKIPPED.has(tokens[index]?.tokenType.name ?? '')) index--;
  return tokens[index]?.tokenType.name === 'BlockComment';
}

function endOf(token: ChevToken): number {
  return (token.endOffset ?? token.startOffset) + 1;
}

function toEntry(result: unknown, first: ChevToken, last: ChevToken): EntryToken | null {
  if (!Array.isArray(result)) return null;
  const value: unknown = result[0];
  const tag: unknown = result[1];
  const isScalar = value === null || ['string', 'number', 'boolean'].includes(typeof value);
  if (!isScalar) return null;
  return {
    value: value as EntryToken['value'],
    tag: typeof tag === 'string' ? tag : undefined,
    start: first.startOffset,
    end: endOf(last),
  };
}

/** Where a syntax error is; the end-of-file token has no offset. */
function locate(token: ChevToken | undefined, text: string): NonNullable<ParseOutcome['error']> {
  if (!token || Number.isNaN(token.startOffset) || token.tokenType.name === 'EOF') {
    return { start: text.length, end: text.length, image: '' };
  }
  return { start: token.startOffset, end: endOf(token), image: token.image };
}
