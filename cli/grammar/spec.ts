/** An option of a command. `value` is the placeholder in the help. */
export type OptionSpec =
  | { kind: 'flag'; short?: string; help: string }
  | { kind: 'value'; value: string; short?: string; choices?: readonly string[]; help: string }
  | { kind: 'list'; value: string; help: string };

export type OptionSpecs = Readonly<Record<string, OptionSpec>>;

/** What completes a word of the command line. */
export type WordKind = LiveKind | 'file' | 'context' | 'setting' | 'topic' | 'shell' | 'none';

/** Names that the engine or the server is asked for. */
export type LiveKind =
  | 'run'
  | 'stage'
  | 'gate'
  | 'artifact'
  | 'pipeline'
  | 'environment'
  | 'secret'
  | 'token'
  | 'member';

export interface PositionalSpec {
  /** As the help writes it: `RUN`. */
  name: string;
  required: boolean;
  many: boolean;
  completes: WordKind;
}

/** A command as data: parser, help and completion all read this. */
export interface CommandSpec {
  /** `['runs', 'logs']` */
  path: readonly string[];
  summary: string;
  /** More sentences for `buildit help COMMAND`. */
  details: readonly string[];
  positionals: readonly PositionalSpec[];
  options: OptionSpecs;
  /** Formats beside those of every command, e.g. `github` of `validate`. */
  formats?: readonly string[];
  /** For this machine alone: `--context` and `--workspace` have no meaning. */
  isHere?: true;
  examples: readonly string[];
}

/** Options by their long name, as typed by their specs. */
export type OptionValues<Specs extends OptionSpecs> = {
  [Name in keyof Specs]: Specs[Name]['kind'] extends 'flag'
    ? boolean
    : Specs[Name]['kind'] extends 'list'
      ? string[]
      : string | null;
};

export function flag(help: string, short?: string): { kind: 'flag'; help: string; short?: string } {
  return { kind: 'flag', help, ...(short === undefined ? {} : { short }) };
}

export function value(placeholder: string, help: string, choices?: readonly string[]) {
  return { kind: 'value' as const, value: placeholder, help, ...(choices === undefined ? {} : { choices }) };
}

export function list(placeholder: string, help: string) {
  return { kind: 'list' as const, value: placeholder, help };
}

export function word(name: string, completes: WordKind = 'none'): PositionalSpec {
  return { name, required: true, many: false, completes };
}

export function optionalWord(name: string, completes: WordKind = 'none'): PositionalSpec {
  return { name, required: false, many: false, completes };
}

export function manyWords(name: string, completes: WordKind = 'none'): PositionalSpec {
  return { name, required: false, many: true, completes };
}
