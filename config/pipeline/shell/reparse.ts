import {
  CODE_OPERANDS,
  CODE_VARIABLES,
  INTERPRETERS,
  PARSES_AGAIN,
  READS_DATA,
  type Wrapper,
  WRAPPERS,
} from './programs.ts';
import type { Command, Pipeline, Redirect, SimpleCommand, Slot, Word } from './tree.ts';

/** Why a reference is refused, in the words of the diagnostic: "… by eval". */
export interface Danger {
  kind: 'parsed-again' | 'runs' | 'unknown-command';
  by: string;
}

export type Report = (slot: Slot, danger: Danger) => void;

/** What one command does with the values that reach it. */
interface Judgement {
  /** For each word of the command (not its assignments). */
  words: (Danger | null)[];
  /** What reaches its input is read as code. */
  input: Danger | null;
}

/**
 * Walks a script and reports every reference whose value would be parsed again, or would
 * choose what runs, after the shell has expanded it. Unknown is refused, not guessed.
 */
export function findDangers(list: readonly Pipeline[], report: Report): void {
  const commands = collectSimple(list);
  const hasAlias = commands.some((command) => command.words[0]?.literal === 'alias');
  const hasAttributes = commands.some(setsAttributes);
  const context: Context = {
    report,
    // An alias may stand for anything; attributes (-i, -n) turn assignments into code.
    everywhere: hasAlias ? { kind: 'parsed-again', by: 'a script with aliases' } : null,
    assignments: hasAttributes ? { kind: 'parsed-again', by: 'an integer or reference variable' } : null,
  };
  walkList(context, list, null);
}

interface Context {
  report: Report;
  everywhere: Danger | null;
  assignments: Danger | null;
}

function walkList(context: Context, list: readonly Pipeline[], inherited: Danger | null): void {
  for (const pipeline of list) {
    let downstream: Danger | null = null;
    for (const command of pipeline.toReversed()) {
      walkCommand(context, command, inherited ?? downstream);
      downstream ??= inputDanger(command);
    }
  }
}

function walkCommand(context: Context, command: Command, inherited: Danger | null): void {
  const outer = inherited ?? context.everywhere;
  const input = inputDanger(command);
  for (const redirect of command.redirects) walkRedirect(context, redirect, outer, input);
  switch (command.kind) {
    case 'arithmetic':
      for (const slot of command.slots) if (outer) context.report(slot, outer);
      return;
    case 'compound':
      for (const word of command.words) walkWord(context, word, outer);
      for (const list of command.lists) walkList(context, list, inherited);
      return;
    case 'test': {
      const danger = judgeTest(command.words);
      for (const word of command.words) walkWord(context, word, outer ?? danger);
      return;
    }
    case 'simple': {
      for (const word of command.assignments) walkWord(context, word, outer ?? judgeAssignment(context, word));
      const { words } = judge(command.words);
      for (const [index, word] of command.words.entries()) {
        walkWord(context, word, outer ?? words[index] ?? null);
      }
      return;
    }
    default:
      throw new Error(`unknown command ${String(command satisfies never)}`);
  }
}

function walkRedirect(context: Context, redirect: Redirect, outer: Danger | null, input: Danger | null): void {
  const feeds = /^(<<<|<|<>|<&)$/.test(redirect.operator) ? input : null;
  walkWord(context, redirect.target, outer ?? feeds);
  if (!redirect.body) return;
  const danger = outer ?? input;
  for (const slot of redirect.body.slots) if (danger) context.report(slot, danger);
  walkList(context, redirect.body.nested, danger);
}

function walkWord(context: Context, word: Word, danger: Danger | null): void {
  if (danger) for (const slot of word.slots) context.report(slot, danger);
  walkList(context, word.nested, danger);
}

/** Whether what a command reads is code, for compounds whether any command inside does so. */
function inputDanger(command: Command): Danger | null {
  if (command.kind === 'simple') return judge(command.words).input;
  if (command.kind !== 'compound') return null;
  for (const inner of collectSimple(command.lists.flat())) {
    const { input } = judge(inner.words);
    if (input) return input;
  }
  return null;
}

function collectSimple(list: readonly Pipeline[]): SimpleCommand[] {
  return list.flat().flatMap((command): SimpleCommand[] => {
    if (command.kind === 'compound') return collectSimple(command.lists.flat());
    return command.kind === 'simple' ? [command] : [];
  });
}

function setsAttributes({ words }: SimpleCommand): boolean {
  const names = ['declare', 'typeset', 'local', 'export', 'readonly', 'integer'];
  const first = words[0]?.literal ?? '';
  if (!names.includes(first)) return false;
  return first === 'integer' || words.some((word) => /^-[A-Za-z]*[in]/.test(word.prefix));
}

const parsedAgain = (by: string): Danger => ({ kind: 'parsed-again', by });

/** Judges a simple command by its first word, looking through wrappers. */
function judge(words: readonly Word[]): Judgement {
  const safe: Judgement = { words: words.map(() => null), input: null };
  const first = words[0];
  if (!first) return safe;
  if (first.literal === null) {
    const unknown: Danger = { kind: 'unknown-command', by: 'a command that is computed' };
    return {
      words: words.map((_word, index) => (index === 0 ? { kind: 'runs', by: 'the shell' } : unknown)),
      input: unknown,
    };
  }
  const name = baseName(first.literal);
  const all = (danger: Danger): Judgement => ({ words: words.map(() => danger), input: danger });
  if (PARSES_AGAIN.has(name)) {
    const usesFile = words.some((word, index) => index > 0 && /^(-[A-Za-z]*f|--file)/.test(word.prefix));
    return { ...all(parsedAgain(name)), input: READS_DATA.has(name) && !usesFile ? null : parsedAgain(name) };
  }
  const wrapper = WRAPPERS.get(name);
  if (wrapper) return judgeWrapped(words, name, wrapper);
  const flags = INTERPRETERS.get(name);
  if (flags) return judgeInterpreter(words, name, flags);
  const danger = judgeBuiltin(name, words);
  if (danger) return { ...safe, words: words.map((_word, index) => danger[index] ?? null) };
  return judgeRunner(name, words);
}

function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** `nice -n 5 sh -c …`: what the wrapped command says, once all in front of it is understood. */
function judgeWrapped(words: readonly Word[], name: string, wrapper: Wrapper): Judgement {
  const unknown = parsedAgain(name);
  let index = 1;
  let operands = wrapper.operands;
  for (; index < words.length; index++) {
    const word = words[index];
    const literal = word?.literal ?? null;
    const assigns = wrapper.assigns && /^[A-Za-z_]\w*=/.exec(word?.prefix ?? '');
    if (assigns) continue;
    if (literal === null) break;
    if (wrapper.withValue.test(literal)) index++;
    else if (!wrapper.flags.test(literal) && (literal.startsWith('-') || operands-- <= 0)) break;
  }
  const command = words[index];
  if (!command) return { words: words.map((word, at) => (at > 0 ? judgeAssigned(word, unknown) : null)), input: null };
  // `command -v name` only looks; anything else in front is an option nobody here knows.
  if (command.literal?.startsWith('-')) {
    const looksOnly = name === 'command' && /^-[vV]$/.test(command.literal);
    return { words: words.map(() => (looksOnly ? null : unknown)), input: looksOnly ? null : unknown };
  }
  const inner = judge(words.slice(index));
  const before = words.slice(0, index).map((word) => judgeAssigned(word, unknown));
  return { words: [...before, ...inner.words], input: inner.input };
}

/** `NAME=value` in front of a wrapped command is data; any other value there may be an option. */
function judgeAssigned(word: Word, otherwise: Danger): Danger | null {
  const name = /^([A-Za-z_]\w*)=/.exec(word.prefix)?.[1];
  if (name === undefined) return otherwise;
  return CODE_VARIABLES.test(name) ? parsedAgain(`whatever reads ${name}`) : null;
}

function judgeInterpreter(words: readonly Word[], name: string, flags: RegExp): Judgement {
  const danger = parsedAgain(name);
  const file = findFile(words, flags);
  // Without a file it reads its program from its input, or from a flag.
  if (file === null) return { words: words.map(() => danger), input: danger };
  return { words: words.map((_word, index) => (index < file ? danger : null)), input: null };
}

/** Index of the word that is certainly a file an interpreter runs, or null. */
function findFile(words: readonly Word[], flags: RegExp): number | null {
  for (let index = 1; index < words.length; index++) {
    const literal = words[index]?.literal ?? null;
    if (literal === null) return null;
    const takesValue = /^[-+][abefhklmnprtuvx]*[oO]$/.test(literal) && flags.test('-e');
    if (takesValue) index++;
    else if (/^[-+]/.test(literal) || literal === '') {
      if (!flags.test(literal)) return null;
    } else return CODE_OPERANDS.has(literal) || /^\/(dev|proc)\//.test(literal) ? null : index;
  }
  return null;
}

/** Builtins and tools that take code in some places only; null for every other command. */
function judgeBuiltin(name: string, words: readonly Word[]): (Danger | null)[] | null {
  const danger = parsedAgain(name);
  const args = words.slice(1);
  const each = (isDangerous: (word: Word, index: number) => boolean) => [
    null,
    ...args.map((word, index) => (isDangerous(word, index) ? danger : null)),
  ];
  switch (name) {
    case 'export':
    case 'readonly':
    case 'local': {
      const hasOptions = args.some((word) => word.prefix.startsWith('-'));
      return each((word) => hasOptions || judgeAssigned(word, danger) !== null);
    }
    case 'printf':
      return each((word, index) => (index === 0 && word.prefix === '') || args[0]?.literal?.startsWith('-') === true);
    case 'set':
      return each((_word, index) => !args.slice(0, index).some((word) => word.literal === '--'));
    case 'test':
    case '[':
      return each((_word, index) => !isTestOperand(args, index));
    case 'find':
      return each(() => args.some((word) => /^-(exec|ok|fprintf|fls)/.test(word.prefix)));
    case 'flock':
      return each(() => true);
    case 'git':
      return each(() =>
        args.some((word) =>
          /^(--exec|-x$|--upload-pack|-c$|config$|foreach$|filter-branch$|bisect$|--config)/.test(word.prefix),
        ),
      );
    case 'npx':
    case 'npm':
    case 'pnpm':
    case 'yarn':
      return each(() => args.some((word) => /^(-c$|--call|--shell)/.test(word.prefix)));
    case 'echo':
    case 'cat':
    case 'cd':
    case 'grep':
    case 'mkdir':
    case 'touch':
    case 'cp':
    case 'mv':
    case 'rm':
    case 'apk':
    case 'apt-get':
    case 'pip':
      return [];
    default:
      return null;
  }
}

const TEST_OPERATORS = /^(=|==|!=|<|>|-(n|z|e|f|d|r|w|x|s|L|h|eq|ne|lt|le|gt|ge|nt|ot|ef))$/;

/**
 * Whether a value in `[ … ]` can only be an operand: beside an operator that is written
 * out. Elsewhere it could itself be one, and `-v` of bash evaluates an index.
 */
function isTestOperand(args: readonly Word[], index: number): boolean {
  const beside = [args[index - 1], args[index + 1]].map((word) => word?.literal ?? '');
  const evaluates = args.some((word) => /^-[vR]$/.test(word.literal ?? ''));
  const isOnly = args.filter((word) => word.literal !== ']').length === 1;
  return !evaluates && (isOnly || beside.some((literal) => TEST_OPERATORS.test(literal)));
}

/** `[[ … ]]` evaluates operands of its number operators as arithmetic, and with it commands. */
function judgeTest(words: readonly Word[]): Danger | null {
  const evaluates = words.some((word) => /^-(eq|ne|lt|le|gt|ge|v|R)$/.test(word.literal ?? ''));
  return evaluates ? parsedAgain('a number comparison in [[ ]]') : null;
}

function judgeAssignment(context: Context, word: Word): Danger | null {
  const name = /^([A-Za-z_]\w*)\+?=/.exec(word.prefix)?.[1];
  if (name !== undefined && CODE_VARIABLES.test(name)) return parsedAgain(`whatever reads ${name}`);
  return context.assignments;
}

/**
 * Any other command may run one of its arguments: `docker run IMAGE sh -c …`. What stands
 * behind a shell or interpreter with code is refused, what stands before it is data.
 */
function judgeRunner(name: string, words: readonly Word[]): Judgement {
  const isRunner = RUNNERS.has(name);
  const start = words.findIndex((word, index) => {
    const inner = baseName(word.literal ?? '');
    if (index === 0 || inner === '') return false;
    if (inner === 'eval' || (isRunner && PARSES_AGAIN.has(inner))) return true;
    const flags = INTERPRETERS.get(inner);
    return flags !== undefined && judgeInterpreter(words.slice(index), inner, flags).input !== null;
  });
  if (start === -1) {
    // A Dockerfile that comes from the input has RUN lines.
    const builds = isRunner && words.some((word) => word.literal === 'build');
    return { words: words.map(() => null), input: builds ? parsedAgain(name) : null };
  }
  const danger = parsedAgain(baseName(words[start]?.literal ?? ''));
  return { words: words.map((_word, index) => (index > start ? danger : null)), input: danger };
}

const RUNNERS = new Set(
  'docker podman nerdctl kubectl oc nsenter unshare lxc incus vagrant poetry pipenv uv bundle direnv flatpak bwrap strace ltrace xvfb-run taskset chrt setpriv dotenv doppler op'.split(
    ' ',
  ),
);
