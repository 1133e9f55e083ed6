import { EXIT } from '../exit.ts';
import { CommandError } from '../fault/command-error.ts';
import { COMMANDS, type CommandName, SHORT_FORMS } from './commands.ts';
import { GLOBAL_OPTIONS } from './globals.ts';
import { findNearest } from './nearest.ts';
import type { CommandSpec, OptionSpec, OptionSpecs } from './spec.ts';

/** What was asked for, checked against the grammar. */
export type Parsed =
  | { kind: 'command'; name: CommandName; options: Record<string, boolean | string | string[] | null>; words: string[] }
  /** `buildit`, `buildit --help`, `buildit runs`: the topic is a command, a group or empty. */
  | { kind: 'help'; topic: string };

type RawOptions = Map<string, string[]>;

/**
 * The command line against the grammar. Throws a usage {@link CommandError} (exit 2) that
 * names the word and the nearest that exists; nothing is ever skipped.
 */
export function parseCommandLine(argv: readonly string[]): Parsed {
  const raw: RawOptions = new Map();
  const leading = takeOptions(argv, 0, GLOBAL_OPTIONS, raw, '');
  const found = findCommand(argv, leading);
  if (found.kind === 'help') return found;
  const spec: CommandSpec = COMMANDS[found.name];
  const words: string[] = [];
  let position = found.next;
  while (position < argv.length) {
    position = takeOptions(argv, position, { ...GLOBAL_OPTIONS, ...spec.options }, raw, found.name);
    if (argv[position] === '--') {
      words.push(...argv.slice(position + 1));
      break;
    }
    const written = argv[position];
    if (written !== undefined) words.push(written);
    position += 1;
  }
  if (raw.has('help')) return { kind: 'help', topic: found.name };
  checkWords(spec, words);
  return { kind: 'command', name: found.name, options: shapeOptions(spec, raw), words };
}

function findCommand(
  argv: readonly string[],
  start: number,
): { kind: 'help'; topic: string } | { kind: 'found'; name: CommandName; next: number } {
  const first = argv[start];
  if (first === undefined) return { kind: 'help', topic: '' };
  const short = SHORT_FORMS[first];
  if (short !== undefined && Object.hasOwn(SHORT_FORMS, first)) return { kind: 'found', name: short, next: start + 1 };
  if (isCommand(first)) return { kind: 'found', name: first, next: start + 1 };
  const members = listGroup(first);
  if (members.length === 0) throw refuseWord(first, listFirstWords(), '');
  const second = argv[start + 1];
  if (second === undefined || second === '--help' || second === '-h') return { kind: 'help', topic: first };
  const name = `${first} ${second}`;
  if (isCommand(name)) return { kind: 'found', name, next: start + 2 };
  throw refuseWord(second, members, `${first} `);
}

/** Consumes options from `position` on; answers the position of the first word. */
function takeOptions(
  argv: readonly string[],
  start: number,
  specs: OptionSpecs,
  raw: RawOptions,
  command: string,
): number {
  let position = start;
  for (;;) {
    const written = argv[position];
    if (written === undefined || written === '--' || written === '-' || !written.startsWith('-')) return position;
    const { name, inline } = splitOption(written, specs);
    const spec = Object.hasOwn(specs, name) ? specs[name] : undefined;
    if (!spec) throw refuseOption(written, specs, command);
    position += 1;
    if (spec.kind === 'flag') {
      if (inline !== null) throw refuse(`--${name} takes no value`, `write --${name} alone`);
      raw.set(name, []);
      continue;
    }
    let value = inline;
    if (value === null) {
      value = argv[position] ?? null;
      if (value === null || value.startsWith('--')) {
        throw refuse(`--${name} needs a value`, `--${name} ${spec.value}: ${spec.help}`);
      }
      position += 1;
    }
    if (spec.kind === 'value' && raw.has(name)) throw refuse(`--${name} is given twice`, 'give it once');
    checkChoice(name, spec, value);
    raw.set(name, [...(raw.get(name) ?? []), value]);
  }
}

function splitOption(written: string, specs: OptionSpecs): { name: string; inline: string | null } {
  if (written.startsWith('--')) {
    const equals = written.indexOf('=');
    return equals === -1
      ? { name: written.slice(2), inline: null }
      : { name: written.slice(2, equals), inline: written.slice(equals + 1) };
  }
  const letter = written[1] ?? '';
  const found = Object.entries(specs).find(([, spec]) => 'short' in spec && spec.short === letter);
  const rest = written.slice(2).replace(/^=/, '');
  return { name: found?.[0] ?? written, inline: rest === '' ? null : rest };
}

function checkChoice(name: string, spec: OptionSpec, value: string): void {
  if (spec.kind !== 'value' || spec.choices === undefined || spec.choices.includes(value)) return;
  throw refuse(
    `--${name} does not know "${value}"`,
    suggest(value, spec.choices) ?? `one of ${spec.choices.join(', ')}`,
  );
}

function checkWords(spec: CommandSpec, words: readonly string[]): void {
  const missing = spec.positionals.find((positional, index) => positional.required && words[index] === undefined);
  const usage = `buildit ${spec.path.join(' ')} ${spec.positionals.map(({ name }) => name).join(' ')}`;
  if (missing) throw refuse(`${spec.path.join(' ')} needs ${missing.name}`, `write ${usage}`);
  const last = spec.positionals.at(-1);
  const extra = last?.many === true ? undefined : words[spec.positionals.length];
  if (extra !== undefined) throw refuse(`"${extra}" is one word too many`, `write ${usage.trimEnd()}`);
}

function shapeOptions(spec: CommandSpec, raw: RawOptions): Record<string, boolean | string | string[] | null> {
  const shaped: Record<string, boolean | string | string[] | null> = {};
  for (const [name, option] of Object.entries<OptionSpec>({ ...GLOBAL_OPTIONS, ...spec.options })) {
    const values = raw.get(name);
    if (option.kind === 'flag') shaped[name] = values !== undefined;
    else if (option.kind === 'list') shaped[name] = values ?? [];
    else shaped[name] = values?.[0] ?? null;
  }
  return shaped;
}

export function isCommand(name: string): name is CommandName {
  return Object.hasOwn(COMMANDS, name);
}

/** Second words of a group of commands, e.g. of `runs`. */
export function listGroup(first: string): string[] {
  return Object.values<CommandSpec>(COMMANDS).flatMap(({ path }) =>
    path[0] === first && path[1] !== undefined ? [path[1]] : [],
  );
}

export function listFirstWords(): string[] {
  const words = Object.values<CommandSpec>(COMMANDS).map(({ path }) => path[0] ?? '');
  return [...new Set([...words, ...Object.keys(SHORT_FORMS)])];
}

function refuseWord(written: string, known: readonly string[], prefix: string): CommandError {
  const near = suggest(written, known);
  return refuse(`there is no command "${prefix}${written}"`, near ?? `buildit help lists what there is`);
}

function refuseOption(written: string, specs: OptionSpecs, command: string): CommandError {
  const name = written.replace(/^-+/, '').replace(/=.*$/s, '');
  const near = findNearest(name, Object.keys(specs));
  const where = command === '' ? 'buildit' : `buildit ${command}`;
  return refuse(
    `${where} has no flag "${written.replace(/=.*$/s, '')}"`,
    near === null
      ? `${command === '' ? 'buildit help' : `buildit help ${command}`} lists them`
      : `did you mean --${near}?`,
  );
}

function suggest(written: string, known: readonly string[]): string | null {
  const near = findNearest(written, known);
  return near === null ? null : `did you mean "${near}"?`;
}

function refuse(message: string, fix: string): CommandError {
  return new CommandError(EXIT.usage, { code: 'usage', message, fix });
}
