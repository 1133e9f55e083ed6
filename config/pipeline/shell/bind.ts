import type { Code } from '../codes.ts';
import { isRoot, readReference, type Reference } from '../references.ts';
import { scanScript, type ScannedScript } from './commands.ts';
import { type Danger, findDangers } from './reparse.ts';
import { type Command, type Literal, type Pipeline, ScanError, type Slot, type Trap, type Word } from './tree.ts';
import { suggestVariable } from './variables.ts';

/** Why a reference may not stand where it stands, with its offsets in the script. */
export interface Refusal {
  code: Code;
  message: string;
  hint: string;
  start: number;
  end: number;
}

export interface Binder {
  /** The variable that holds a reference's value. */
  nameOf(reference: Reference): string;
  refuse(refusal: Refusal): void;
}

type RefusalCode = 'KDL032' | 'KDL033' | 'KDL034' | 'KDL043';

const HOW: Readonly<Record<RefusalCode, string>> = {
  KDL032: 'outside these quotes',
  KDL033: 'inside that code instead',
  KDL034: 'from its environment instead',
  KDL043: 'there instead',
};

/** Shells whose quoting is that of POSIX, with bash's additions where both agree. */
const POSIX_SHELLS = new Set(['sh', 'dash', 'ash', 'bash']);

/**
 * The script with every reference replaced by the expansion of a variable, correct for
 * the quoting it stands in (LANGUAGE §5). A value never becomes script text: what cannot
 * be expanded, or would be parsed again behind the shell's back, is refused.
 */
export function bindReferences(script: string, shell: readonly string[], binder: Binder): string {
  const all = listReferences(script, binder);
  if (all.length === 0) return script;
  const references = all.filter(({ start }) => script[start - 1] !== '$');
  const refuseAll = (refused: readonly Reference[], code: RefusalCode, why: string) => {
    for (const reference of refused) refuse(binder, reference, code, why);
    return script;
  };
  if (!isPosix(shell)) {
    refuseAll(references, 'KDL034', `${shell.join(' ')} does not expand references`);
    const literals = all.filter((one) => !references.includes(one));
    return applyEdits(
      script,
      literals.map(({ start }) => ({ start: start - 1, end: start + 2, text: '${' })),
    );
  }
  try {
    return bind(script, scanScript(script), binder);
  } catch (thrown) {
    if (!(thrown instanceof ScanError)) throw thrown;

    return refuseAll(all, 'KDL043', `this script cannot be followed: ${thrown.message}`);
  }
}

function isPosix(shell: readonly string[]): boolean {
  const [program = '', applet = ''] = shell.map((word) => word.slice(word.lastIndexOf('/') + 1));
  const name = program === 'busybox' ? applet : program;
  return POSIX_SHELLS.has(name);
}

/** All references as they are written; malformed ones are reported. */
function listReferences(script: string, binder: Binder): Reference[] {
  const references: Reference[] = [];
  for (const match of script.matchAll(/\$\{\s*([A-Za-z_]+)\./g)) {
    const reference = readReference(script, match.index + 1, match.index);
    const isOurs = isRoot(match[1] ?? '');
    if (reference && isOurs) references.push(reference);
    else if (reference || isOurs) {
      const end = match.index + match[0].length;
      const message = isOurs ? 'this is no reference' : `nothing is called "${match[1] ?? ''}" here`;
      const hint = isOurs
        ? 'a reference is ${root.name} or ${root.name ?? "default"}; operators of the shell work on variables only'
        : 'the shell knows no dots in names: remove the braces, or write a root such as git, params, stages';
      binder.refuse({ code: isOurs ? 'KDL026' : 'KDL025', message, hint, start: match.index, end });
    }
  }
  return references;
}

function bind(script: string, scanned: ScannedScript, binder: Binder): string {
  const slots = collectSlots(scanned.list);
  const dangers = new Map<Slot, Danger>();
  findDangers(scanned.list, (slot, danger) => {
    if (!dangers.has(slot)) dangers.set(slot, danger);
  });
  const edits: { start: number; end: number; text: string }[] = scanned.literals.map(editLiteral);
  for (const slot of slots) {
    const { reference, trap } = slot;
    const danger = dangers.get(slot);
    if (trap !== null) refuse(binder, reference, TRAPS[trap].code, TRAPS[trap].why);
    else if (danger) refuse(binder, reference, 'KDL033', describe(danger));
    else {
      const expansion = `\${${binder.nameOf(reference)}}`;
      const text = slot.quoting === 'bare' ? `"${expansion}"` : expansion;
      edits.push({ start: reference.start, end: reference.end, text });
    }
  }
  return applyEdits(script, edits);
}

/** `$${` keeps its characters: escaped where the shell would expand them. */
function editLiteral({ start, quoting }: Literal): { start: number; end: number; text: string } {
  return { start, end: start + 3, text: quoting === 'single' ? '${' : '\\${' };
}

function applyEdits(script: string, edits: { start: number; end: number; text: string }[]): string {
  let bound = '';
  let done = 0;
  for (const { start, end, text } of edits.toSorted((a, b) => a.start - b.start)) {
    if (start < done) continue;
    bound += script.slice(done, start) + text;
    done = end;
  }
  return bound + script.slice(done);
}

function collectSlots(list: readonly Pipeline[]): Slot[] {
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

const TRAPS: Readonly<Record<Trap, { code: RefusalCode; why: string }>> = {
  'single-quotes': { code: 'KDL032', why: 'the shell does not expand inside single quotes' },
  'quoted-heredoc': { code: 'KDL032', why: 'the shell does not expand in a here-document with a quoted delimiter' },
  delimiter: { code: 'KDL032', why: 'the shell does not expand the delimiter of a here-document' },
  backticks: { code: 'KDL033', why: 'inside backticks quotes mean something else; use $( … )' },
  arithmetic: { code: 'KDL033', why: 'the shell would evaluate the value as arithmetic' },
  'parameter-operator': { code: 'KDL033', why: 'shells read this ${…} differently' },
  'nested-quotes': { code: 'KDL033', why: 'shells disagree about quotes inside quotes here' },
  'brace-expansion': { code: 'KDL033', why: 'it stands inside a brace expansion' },
};

function describe({ kind, by }: Danger): string {
  switch (kind) {
    case 'parsed-again':
      return `the value would be parsed again by ${by}`;
    case 'runs':
      return 'the value would choose what runs';
    case 'unknown-command':
      return `the value goes to ${by}, which may parse it again`;
    default:
      throw new Error(`unknown danger ${String(kind satisfies never)}`);
  }
}

function refuse(binder: Binder, reference: Reference, code: RefusalCode, why: string): void {
  const { path, start, end } = reference;
  const message = `\${${path.join('.')}} cannot stand here: ${why}`;
  binder.refuse({ code, message, hint: suggestVariable(path, HOW[code]), start, end });
}
