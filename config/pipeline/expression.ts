import { type ASTNode, Environment, type ParseResult } from '@marcbachmann/cel-js';
import type { PlanValue } from '#core/plan.ts';
import type { Values } from '#core/text.ts';
import { matchesGlob } from './glob.ts';
import { MAX_CONDITION } from './older-condition.ts';
import { splitPath } from './references.ts';

/** What a condition's functions answer when its stage is ready. */
export interface ConditionFunctions {
  /** Every ancestor succeeded. */
  success: boolean;
  /** Some ancestor failed. */
  failure: boolean;
  /** A cancel was asked for. */
  cancelled: boolean;
}

/** Facts by dotted path, as a plan carries them. */
export type ConditionFacts = Readonly<Record<string, PlanValue | null>>;

export type ConditionResult =
  /** `values` are those of the paths the expression mentions, for `buildit why`. */
  | { kind: 'value'; value: boolean; values: Record<string, string> }
  /** Makes the stage `errored`, never "false" (LANGUAGE §6). */
  | { kind: 'error'; message: string };

/** What an expression looks at. */
export interface Mentions {
  /** Dotted paths, each with its offsets in the expression. */
  paths: { path: string[]; start: number; end: number; isGuarded: boolean }[];
  functions: { name: string; start: number; end: number }[];
  /** A loop inside a loop, whose time is no longer that of its lists. */
  nestedLoop: { start: number; end: number } | null;
}

export type Parsed =
  | { kind: 'parsed'; mentions: Mentions }
  | { kind: 'error'; message: string; start: number; end: number };

const LIMITS = { maxAstNodes: 1_000, maxDepth: 48 };
/** Numbers that travel as text with everything else that is late. */
const LATE_INTEGERS = new Set(['run.number', 'run.attempt', 'stage.attempt']);

/** Parses an expression and lists what it mentions; nothing is evaluated. */
export function parseCondition(expression: string): Parsed {
  const encoded = encodeNames(expression);
  const parsed = parse(encoded.text, { success: false, failure: false, cancelled: false });
  if (parsed.kind === 'error') {
    const { message, start, end } = parsed;
    return { kind: 'error', message, start: encoded.toOriginal(start), end: encoded.toOriginal(end) };
  }
  const mentions = listMentions(parsed.run.ast);
  if (mentions.nestedLoop) {
    const { start, end } = mentions.nestedLoop;
    const message = 'a loop over a list stands inside another';
    return { kind: 'error', message, start: encoded.toOriginal(start), end: encoded.toOriginal(end) };
  }
  for (const mention of [...mentions.paths, ...mentions.functions]) {
    mention.start = encoded.toOriginal(mention.start);
    mention.end = encoded.toOriginal(mention.end);
  }
  return { kind: 'parsed', mentions };
}

/**
 * Evaluates a condition with the facts of its plan and what has become known since.
 * Pure, synchronous, bounded in time: no pattern that backtracks, no loop without a list.
 */
export function evaluateCondition(
  expression: string,
  facts: ConditionFacts,
  late: { values: Values; functions: ConditionFunctions },
): ConditionResult {
  const parsed = parse(encodeNames(expression).text, late.functions);
  if (parsed.kind === 'error') return { kind: 'error', message: parsed.message };
  const known = new Map<string, unknown>(Object.entries(facts).map(([path, value]) => [path, toCel(value)]));
  for (const [path, value] of Object.entries(late.values)) {
    known.set(path, LATE_INTEGERS.has(path) && /^\d+$/.test(value) ? BigInt(value) : value);
  }
  const mentioned = listMentions(parsed.run.ast).paths.map(({ path }) => path);
  try {
    const value: unknown = parsed.run(buildContext(known, mentioned));
    if (typeof value !== 'boolean') {
      return { kind: 'error', message: `the condition is ${typeName(value)}, not true or false` };
    }
    return { kind: 'value', value, values: listValues(mentioned, known) };
  } catch (thrown) {
    return { kind: 'error', message: summarize(thrown) };
  }
}

function parse(
  expression: string,
  functions: ConditionFunctions,
): { kind: 'parsed'; run: ParseResult } | { kind: 'error'; message: string; start: number; end: number } {
  const failed = (message: string, start = 0, end = expression.length) =>
    ({ kind: 'error', message, start, end }) as const;
  if (expression.length > MAX_CONDITION) return failed(`a condition has at most ${MAX_CONDITION} characters`);
  try {
    const run = createEnvironment(functions).parse(expression);
    const check = run.check();
    if (check.valid && check.type !== 'bool' && check.type !== 'dyn') {
      return failed(`the condition is ${check.type ?? 'unknown'}, not true or false`);
    }
    if (check.valid) return { kind: 'parsed', run };
    const { error } = check;
    return failed(summarize(error), error?.range?.start, error?.range?.end);
  } catch (thrown) {
    const range = rangeOf(thrown);
    return failed(summarize(thrown), range?.start, range?.end);
  }
}

function createEnvironment({ success, failure, cancelled }: ConditionFunctions): Environment {
  return (
    new Environment({
      unlistedVariablesAreDyn: true,
      homogeneousAggregateLiterals: false,
      limits: LIMITS,
    })
      .registerFunction('success(): bool', () => success)
      .registerFunction('failure(): bool', () => failure)
      .registerFunction('cancelled(): bool', () => cancelled)
      // Which files changed matters to triggers of a server; a local run takes all as changed.
      .registerFunction('changed(string): bool', () => true)
      .registerFunction('glob(string, string): bool', (value: string, pattern: string) => matchesGlob(value, pattern))
  );
}

function collectMentions(node: ASTNode, mentions: Mentions, locals: ReadonlySet<string>, isGuarded: boolean): void {
  const path = readPath(node);
  const { start, end } = node;
  if (path) {
    if (!locals.has(path[0] ?? '')) {
      mentions.paths.push({ path: path.map(decodeName), start, end, isGuarded });
    }
    return;
  }
  const visit = (inner: ASTNode, more = locals, guarded = isGuarded) => collectMentions(inner, mentions, more, guarded);
  if (node.op === 'call') {
    const [name, args] = node.args;
    mentions.functions.push({ name, start, end });
    for (const argument of args) visit(argument, locals, isGuarded || name === 'has');
  } else if (node.op === 'rcall') {
    const [name, receiver, args] = node.args;
    mentions.functions.push({ name, start, end });
    visit(receiver);
    // `list.exists(x, …)` and its kin bind their first argument.
    const [first] = args;
    const binds = args.length > 1 && first?.op === 'id' && MACROS.has(name);
    if (binds && locals.size > 0) mentions.nestedLoop ??= { start, end };
    const inner = binds ? new Set([...locals, first.args]) : locals;
    for (const argument of binds ? args.slice(1) : args) visit(argument, inner);
  } else for (const inner of listChildren(node.args)) visit(inner);
}

const MACROS = new Set(['all', 'exists', 'exists_one', 'map', 'filter']);

function listChildren(args: unknown): ASTNode[] {
  if (Array.isArray(args)) return args.flatMap(listChildren);
  return isNode(args) ? [args] : [];
}

function isNode(value: unknown): value is ASTNode {
  return typeof value === 'object' && value !== null && 'op' in value && 'args' in value;
}

/** `a.b["c"]` as its segments, null for anything else. */
function readPath(node: ASTNode): string[] | null {
  if (node.op === 'id') return [node.args];
  if (node.op === '.') {
    const before = readPath(node.args[0]);
    return before && [...before, node.args[1]];
  }
  if (node.op === '[]') {
    const [inner, index] = node.args;
    const before = readPath(inner);
    const key: unknown = index.op === 'value' ? index.args : null;
    return before && typeof key === 'string' ? [...before, key] : null;
  }
  return null;
}

function listMentions(ast: ASTNode): Mentions {
  const mentions: Mentions = { paths: [], functions: [], nestedLoop: null };
  collectMentions(ast, mentions, new Set(), false);
  return mentions;
}

function listValues(paths: readonly string[][], known: ReadonlyMap<string, unknown>): Record<string, string> {
  const values: Record<string, string> = {};
  for (const path of paths) {
    const value = known.get(path.join('.'));
    if (value !== undefined) values[path.join('.')] = printFact(value);
  }
  return values;
}

function printFact(value: unknown): string {
  if (typeof value === 'bigint') return value.toString();
  return typeof value === 'string' ? value : JSON.stringify(value);
}

type ContextTree = { [name: string]: unknown };

/**
 * Paths as nested records, under their plain and their encoded names. The records on the
 * way to every mentioned path exist, so that `has(…)` answers where nothing is known.
 */
function buildContext(known: ReadonlyMap<string, unknown>, mentioned: readonly string[][]): ContextTree {
  const root = emptyTree();
  const openTree = (segments: readonly string[]): ContextTree => {
    let tree = root;
    for (const segment of segments) {
      const inner = tree[segment];
      const next: ContextTree = isTree(inner) ? inner : emptyTree();
      tree[segment] = next;
      tree[encodeName(segment)] = next;
      tree = next;
    }
    return tree;
  };
  for (const path of mentioned) openTree(path.slice(0, -1));
  for (const [path, value] of known) {
    const segments = splitPath(path);
    const last = segments.at(-1) ?? '';
    const tree = openTree(segments.slice(0, -1));
    tree[last] = value;
    tree[encodeName(last)] = value;
  }
  return root;
}

function emptyTree(): ContextTree {
  return Object.create(null);
}

function isTree(value: unknown): value is ContextTree {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const NAME = new RegExp(
  `(?<![.\\w"'])(?:${[
    // A stage's name may hold any dash and a leg; elsewhere \`params.n-1\` is a subtraction.
    'stages\\.[A-Za-z0-9_-]+(?:\\[[A-Za-z0-9_.=,:/ -]*\\])?(?:\\.[A-Za-z0-9_-]+)+',
    '(?:params|matrix)\\.\\w+(?:-[A-Za-z]\\w*)*',
  ].join('|')})(?![A-Za-z0-9_-]|\\s*\\()`,
  'g',
);
const STRINGS = /"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'/g;

/**
 * CEL's names are identifiers, ours may hold dashes and a leg (`stages.unit-test.result`,
 * `stages.test[node=22].outputs.k`): such segments are encoded, outside strings only.
 */
function encodeNames(expression: string): { text: string; toOriginal(offset: number): number } {
  const shifts: { at: number; by: number }[] = [];
  const blanked = expression.replaceAll(STRINGS, (string) => '"'.repeat(string.length));
  let text = '';
  let done = 0;
  for (const match of blanked.matchAll(NAME)) {
    const [whole] = match;
    const encoded = splitPath(whole).map(encodeName).join('.');
    if (encoded === whole) continue;
    text += expression.slice(done, match.index) + encoded;
    done = match.index + whole.length;
    shifts.push({ at: text.length, by: encoded.length - whole.length });
  }
  text += expression.slice(done);
  return {
    text,
    toOriginal: (offset) => shifts.reduce((moved, { at, by }) => (offset >= at ? moved - by : moved), offset),
  };
}

function encodeName(name: string): string {
  if (/^[A-Za-z_]\w*$/.test(name)) return name;
  const escaped = name.replaceAll(/[^A-Za-z0-9]/g, (char) => `_${char.charCodeAt(0).toString(16)}_`);
  return `_n_${escaped}`;
}

function decodeName(name: string): string {
  if (!name.startsWith('_n_')) return name;
  return name
    .slice(3)
    .replaceAll(/_([0-9a-f]+)_/g, (_all, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}

function toCel(value: PlanValue | null): unknown {
  if (value === null) return '';
  return typeof value === 'number' && Number.isSafeInteger(value) ? BigInt(value) : value;
}

function typeName(value: unknown): string {
  return typeof value === 'bigint' ? 'a number' : `a ${typeof value}`;
}

function rangeOf(thrown: unknown): { start: number; end: number } | undefined {
  if (typeof thrown !== 'object' || thrown === null || !('range' in thrown)) return undefined;
  const { range } = thrown;
  if (typeof range !== 'object' || range === null || !('start' in range && 'end' in range)) return undefined;
  const { start, end } = range;
  return typeof start === 'number' && typeof end === 'number' ? { start, end } : undefined;
}

/** The library's sentence without its code frame. */
function summarize(thrown: unknown): string {
  if (thrown instanceof RangeError) return 'the condition nests too deep';
  const text =
    typeof thrown === 'object' && thrown !== null && 'summary' in thrown
      ? String(thrown.summary)
      : thrown instanceof Error
        ? thrown.message
        : String(thrown);
  return (text.split('\n')[0] ?? text).replaceAll(/_n_\w+/g, decodeName);
}
