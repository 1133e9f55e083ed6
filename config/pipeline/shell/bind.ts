import type { Code } from '../codes.ts';
import { isRoot, readReference, type Reference } from '../references.ts';
import { scanScript, type ScannedScript } from './commands.ts';
import { type Danger, findDangers } from './reparse.ts';
import { collectSlots, type Literal, ScanError, type Slot, type Trap } from './tree.ts';
import { suggestVariable } from './variables.ts';

/** Why a reference may not stand where it stands, with its offsets in the script. */
export interface Refusal {
  code: Code;
  message: string;
  hint: string;
  start: number;
  end: number;
}

/** A stretch of a script that becomes something else: the expansion of a variable, or other text. */
type Edit =
  | { kind: 'expansion'; start: number; end: number; reference: Reference; isBare: boolean }
  | { kind: 'text'; start: number; end: number; text: string };

/** What becomes of a script, whatever the values are. */
export interface Analysis {
  /** In the order of the script. */
  edits: Edit[];
  refusals: Refusal[];
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
 * Finds out how each reference of a script is replaced by the expansion of a variable,
 * correct for the quoting it stands in (LANGUAGE §5). A value never becomes script text:
 * what cannot be expanded, or would be parsed again behind the shell's back, is refused.
 */
export function analyzeScript(script: string, shell: readonly string[]): Analysis {
  const { references, refusals } = listReferences(script);
  if (references.length === 0) return { edits: [], refusals };
  const isLiteral = ({ start }: Reference) => script[start - 1] === '$';
  if (!isPosix(shell)) {
    const why = `${shell.join(' ')} does not expand references`;
    const refused = references.filter((one) => !isLiteral(one)).map((one) => refuse(one, 'KDL034', why));
    const literals = references.filter(isLiteral).map(({ start, end }) => ({ start: start - 1, end }));
    return {
      edits: literals.map((one) => editLiteral({ ...one, quoting: 'single' })),
      refusals: [...refusals, ...refused],
    };
  }
  try {
    const { edits, refused } = judgeSlots(scanScript(script));
    return { edits, refusals: [...refusals, ...refused] };
  } catch (thrown) {
    if (!(thrown instanceof ScanError)) throw thrown;
    const why = `this script cannot be followed: ${thrown.message}`;
    return { edits: [], refusals: [...refusals, ...references.map((one) => refuse(one, 'KDL043', why))] };
  }
}

/** The script with its edits made; `nameOf` answers the variable that holds a value. */
export function bindScript(script: string, { edits }: Analysis, nameOf: (reference: Reference) => string): string {
  let bound = '';
  let done = 0;
  for (const edit of edits) {
    if (edit.start < done) continue;
    bound += script.slice(done, edit.start) + printEdit(edit, nameOf);
    done = edit.end;
  }
  return bound + script.slice(done);
}

function printEdit(edit: Edit, nameOf: (reference: Reference) => string): string {
  if (edit.kind === 'text') return edit.text;
  const expansion = `\${${nameOf(edit.reference)}}`;
  return edit.isBare ? `"${expansion}"` : expansion;
}

function isPosix(shell: readonly string[]): boolean {
  const [program = '', applet = ''] = shell.map((word) => word.slice(word.lastIndexOf('/') + 1));
  const name = program === 'busybox' ? applet : program;
  return POSIX_SHELLS.has(name);
}

/** All references as they are written, and what only looks like one. */
function listReferences(script: string): { references: Reference[]; refusals: Refusal[] } {
  const references: Reference[] = [];
  const refusals: Refusal[] = [];
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
      refusals.push({ code: isOurs ? 'KDL026' : 'KDL025', message, hint, start: match.index, end });
    }
  }
  return { references, refusals };
}

function judgeSlots(scanned: ScannedScript): { edits: Edit[]; refused: Refusal[] } {
  const dangers = new Map<Slot, Danger>();
  findDangers(scanned.list, (slot, danger) => {
    if (!dangers.has(slot)) dangers.set(slot, danger);
  });
  const edits: Edit[] = scanned.literals.map(editLiteral);
  const refused: Refusal[] = [];
  for (const slot of collectSlots(scanned.list)) {
    const { reference, trap, quoting } = slot;
    const { start, end } = reference;
    const danger = dangers.get(slot);
    if (trap !== null) refused.push(refuse(reference, TRAPS[trap].code, TRAPS[trap].why));
    else if (danger) refused.push(refuse(reference, 'KDL033', describe(danger)));
    else edits.push({ kind: 'expansion', start, end, reference, isBare: quoting === 'bare' });
  }
  return { edits: edits.toSorted((a, b) => a.start - b.start), refused };
}

/** `$${` keeps its characters: escaped where the shell would expand them. */
function editLiteral({ start, quoting }: Literal): Edit {
  return { kind: 'text', start, end: start + 3, text: quoting === 'single' ? '${' : '\\${' };
}

const TRAPS: Readonly<Record<Trap, { code: RefusalCode; why: string }>> = {
  'single-quotes': { code: 'KDL032', why: 'the shell does not expand inside single quotes' },
  'quoted-heredoc': { code: 'KDL032', why: 'the shell does not expand in a here-document with a quoted delimiter' },
  delimiter: { code: 'KDL032', why: 'the shell does not expand the delimiter of a here-document' },
  backticks: { code: 'KDL033', why: 'inside backticks quotes mean something else; use $( … )' },
  arithmetic: { code: 'KDL033', why: 'the shell would evaluate the value as arithmetic' },
  'parameter-operator': { code: 'KDL033', why: 'shells read this ${…} differently' },
  'nested-quotes': { code: 'KDL033', why: 'shells disagree about quotes inside quotes here' },
  duplication: { code: 'KDL033', why: 'bash expands what stands behind >& twice; use > or >>' },
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

function refuse({ path, start, end }: Reference, code: RefusalCode, why: string): Refusal {
  const message = `\${${path.join('.')}} cannot stand here: ${why}`;
  return { code, message, hint: suggestVariable(path, HOW[code]), start, end };
}
