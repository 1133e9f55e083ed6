import { CHANGEABLE } from '../context/settings-list.ts';
import { COMMANDS, SHORT_FORMS } from '../grammar/commands.ts';
import { FORMATS, GLOBAL_OPTIONS } from '../grammar/globals.ts';
import { isCommand, listFirstWords, listGroup } from '../grammar/parse.ts';
import type { CommandSpec, LiveKind, OptionSpec, OptionSpecs } from '../grammar/spec.ts';
import { COMPLETION_SCRIPTS } from './scripts.ts';

/** Words that could stand at the end, or the kind of live names to ask the engine for. */
export type Candidates =
  | { kind: 'words'; words: string[] }
  | { kind: 'contexts' }
  /** `run` is the one whose parts are asked for. */
  | { kind: 'live'; names: LiveKind; run: string | null };

const NONE: Candidates = { kind: 'words', words: [] };

/** `words` are the arguments so far; the last is the one being written. */
export function findCandidates(words: readonly string[]): Candidates {
  const current = words.at(-1) ?? '';
  const before = words.slice(0, -1);
  const start = before.findIndex((written) => !written.startsWith('-'));
  const first = start === -1 ? undefined : before[start];
  if (first === undefined) {
    return current.startsWith('-') ? flags(GLOBAL_OPTIONS, ['--version']) : { kind: 'words', words: listFirstWords() };
  }
  const second = before[start + 1];
  const name = SHORT_FORMS[first] ?? (isCommand(first) ? first : second === undefined ? '' : `${first} ${second}`);
  if (!isCommand(name)) {
    return second === undefined ? { kind: 'words', words: listGroup(first) } : NONE;
  }
  const spec: CommandSpec = COMMANDS[name];
  const options: OptionSpecs = { ...GLOBAL_OPTIONS, ...spec.options };
  const isShort = Object.hasOwn(SHORT_FORMS, first);
  const rest = before.slice(start + (isShort ? 1 : spec.path.length));
  const pending = optionOf(rest.at(-1), options);
  if (pending) return completeValue(pending, spec, rest);
  if (current.startsWith('-')) return flags(options, []);
  return completeWord(
    spec,
    rest.filter((_, index) => isPositional(rest, index, options)),
  );
}

function completeWord(spec: CommandSpec, given: readonly string[]): Candidates {
  const positional = spec.positionals[given.length] ?? spec.positionals.findLast(({ many }) => many);
  const completes = positional?.completes;
  switch (completes) {
    case 'run':
    case 'stage':
    case 'gate':
    case 'artifact':
    case 'pipeline':
    case 'environment':
    case 'secret':
    case 'token':
    case 'member':
      return { kind: 'live', names: completes, run: given[0] ?? null };
    case 'context':
      return { kind: 'contexts' };
    case 'setting':
      return { kind: 'words', words: [...CHANGEABLE] };
    case 'shell':
      return { kind: 'words', words: Object.keys(COMPLETION_SCRIPTS) };
    case 'topic':
      return { kind: 'words', words: given.length === 0 ? listFirstWords() : listGroup(given[0] ?? '') };
    case 'file':
    case 'none':
    case undefined:
      return NONE;
    default:
      return completes satisfies never;
  }
}

function completeValue([name, option]: [string, OptionSpec], spec: CommandSpec, rest: readonly string[]): Candidates {
  if (name === 'format') return { kind: 'words', words: [...(spec.formats ?? FORMATS)] };
  if (name === 'context') return { kind: 'contexts' };
  if (name === 'env' && spec.path[0] === 'secrets') return { kind: 'live', names: 'environment', run: null };
  if (name === 'pipeline' && spec.path[0] === 'secrets') return { kind: 'live', names: 'pipeline', run: null };
  if ((name === 'from' || name === 'leg') && rest[0] !== undefined)
    return { kind: 'live', names: 'stage', run: rest[0] };
  return { kind: 'words', words: option.kind === 'value' ? [...(option.choices ?? [])] : [] };
}

/** The option that still waits for its value, when the word before is one. */
function optionOf(written: string | undefined, options: OptionSpecs): [string, OptionSpec] | null {
  if (written === undefined || !written.startsWith('-') || written.includes('=')) return null;
  const found = Object.entries(options).find(
    ([name, spec]) => `--${name}` === written || ('short' in spec && `-${spec.short}` === written),
  );
  return found && found[1].kind !== 'flag' ? found : null;
}

function isPositional(words: readonly string[], index: number, options: OptionSpecs): boolean {
  return words[index]?.startsWith('-') === false && optionOf(words[index - 1], options) === null;
}

function flags(specs: OptionSpecs, more: readonly string[]): Candidates {
  return { kind: 'words', words: [...Object.keys(specs).map((name) => `--${name}`), ...more] };
}
