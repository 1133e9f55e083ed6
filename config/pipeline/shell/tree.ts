import type { Reference } from '../references.ts';

/** How the shell treats what stands at a place, as far as an expansion there is concerned. */
export type Quoting =
  /** Split and globbed unless quoted. */
  | 'bare'
  /** Inside double quotes. */
  | 'double'
  /** In the body of a here-document whose delimiter is not quoted; quotes are text there. */
  | 'heredoc';

/** Why a reference is refused by where it stands, whatever the command. */
export type Trap =
  | 'single-quotes'
  | 'quoted-heredoc'
  | 'backticks'
  | 'arithmetic'
  | 'delimiter'
  | 'parameter-operator'
  | 'nested-quotes'
  | 'brace-expansion'
  | 'duplication';

/** A reference in a script, and what stands around it. */
export interface Slot {
  reference: Reference;
  quoting: Quoting;
  trap: Trap | null;
}

/** `$${…}`: the author wants the characters, so the shell must not expand them. */
export interface Literal {
  start: number;
  end: number;
  quoting: Quoting | 'single';
}

export interface Word {
  start: number;
  end: number;
  /** What it is after quote removal; null when it holds an expansion or a pattern. */
  literal: string | null;
  /** Literal text in front of the first expansion. */
  prefix: string;
  /** Written without any quote, backslash or expansion. */
  isPlain: boolean;
  slots: Slot[];
  /** Commands inside `$(…)`, `<(…)`. */
  nested: Pipeline[];
}

export interface Redirect {
  operator: string;
  target: Word;
  /** Body of a here-document, once it has been read. */
  body: HereDocument | null;
}

export interface HereDocument {
  slots: Slot[];
  nested: Pipeline[];
}

export interface SimpleCommand {
  kind: 'simple';
  assignments: Word[];
  words: Word[];
  redirects: Redirect[];
}

/** `if`, `while`, `for`, `case`, `( )`, `{ }`, a function: lists with words of their own. */
export interface CompoundCommand {
  kind: 'compound';
  /** Of `for` and `case`: data, whatever they expand to. */
  words: Word[];
  lists: Pipeline[][];
  redirects: Redirect[];
}

/** `[[ … ]]` of bash. */
export interface TestCommand {
  kind: 'test';
  words: Word[];
  redirects: Redirect[];
}

/** `(( … ))`: its slots carry their trap already. */
export interface ArithmeticCommand {
  kind: 'arithmetic';
  slots: Slot[];
  redirects: Redirect[];
}

export type Command = SimpleCommand | CompoundCommand | TestCommand | ArithmeticCommand;

/** Commands joined by `|`. */
export type Pipeline = Command[];

/** Every reference of a list of commands, those of nested commands included. */
export function collectSlots(list: readonly Pipeline[]): Slot[] {
  const ofWord = (word: Word): Slot[] => [...word.slots, ...collectSlots(word.nested)];
  const ofCommand = (command: Command): Slot[] => [
    ...command.redirects.flatMap(({ target, body }) => [
      ...ofWord(target),
      ...(body ? [...body.slots, ...collectSlots(body.nested)] : []),
    ]),
    ...('words' in command ? command.words.flatMap(ofWord) : []),
    ...(command.kind === 'simple' ? command.assignments.flatMap(ofWord) : []),
    ...(command.kind === 'compound' ? command.lists.flatMap(collectSlots) : []),
    ...(command.kind === 'arithmetic' ? command.slots : []),
  ];
  return list.flat().flatMap(ofCommand);
}

/** Catches references in a trap: those of a word or expansion, and of all commands inside it. */
export function trapAll({ slots, nested }: Pick<Word, 'slots' | 'nested'>, trap: Trap): void {
  for (const slot of [...slots, ...collectSlots(nested)]) slot.trap ??= trap;
}

/** Thrown inside the scanner where it cannot follow a script; never leaves this folder. */
export class ScanError extends Error {
  readonly offset: number;
  constructor(message: string, offset: number) {
    super(message);
    this.offset = offset;
  }
}
