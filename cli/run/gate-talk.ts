import type { ApproveRule, GateField } from '#core/gate.ts';
import type { GateObject } from '#core/rest.ts';
import { quoteWord } from '../live/words.ts';
import { askLine } from '../terminal/ask.ts';
import type { Screen } from '../terminal/screen.ts';

/** What the person at the terminal said to a gate. */
export type Verdict =
  | { kind: 'approve'; fields: Record<string, string>; comment: string | null }
  | { kind: 'reject'; comment: string }
  | { kind: 'leave' };

/** Asks for a decision (UI §8: in a local run a gate prompts). Reads whole lines. */
export async function askForDecision(gate: GateObject, screen: Screen, signal: AbortSignal): Promise<Verdict> {
  screen.cry(`${describeGate(gate, screen)}\n`);
  for (;;) {
    const answer = await askLine(`Approve ${gate.name}? [y] yes  [n] no  [enter] leave it waiting: `, signal);
    if (answer === null || answer === '') return { kind: 'leave' };
    if (/^(y|yes)$/i.test(answer)) {
      const fields = await askFields(gate.fields, signal);
      return fields === null ? { kind: 'leave' } : { kind: 'approve', fields, comment: null };
    }
    if (/^(n|no)$/i.test(answer)) {
      const comment = await askLine('Why not? (kept with the rejection) ', signal);
      if (comment) return { kind: 'reject', comment };
      screen.cry('A rejection needs a comment.\n');
    }
  }
}

/** `! ship  waits for approval: 2 of team:sre, 1 of user:ann` */
export function describeGate(gate: GateObject, screen: Pick<Screen, 'paint' | 'isUnicode'>): string {
  const glyph = screen.paint('yellow', screen.isUnicode ? '!' : 'APPROVE');
  const rules = listRules(gate.unmet);
  const expiry =
    gate.expiresAt === null ? '' : `, expires ${gate.expiresAt.replace('T', ' ').replace(/\..*$/, ' UTC')}`;
  return `${glyph} ${gate.name}  waits for approval${rules === '' ? '' : `: ${rules}`}${expiry}`;
}

function listRules(unmet: readonly ApproveRule[]): string {
  return unmet.map(({ from, min }) => (from === 'anyone' ? 'anyone' : `${min} of ${from}`)).join(', ');
}

/**
 * The commands that would meet the rules that are still open, one a line. For a run of this machine (`isHere`) they
 * decide as the people who are asked; on a server everybody decides as themselves.
 */
export function listApproveCommands(label: string, gate: GateObject, isHere: boolean): string[] {
  const fields = gate.fields
    .filter((field) => field.required && field.default === null)
    .map((field) => ` --field ${quoteWord(`${field.name}=${field.values[0] ?? '…'}`)}`)
    .join('');
  const command = `buildit approve ${label} ${quoteWord(gate.name)}${fields}`;
  if (gate.unmet.length === 0 || !isHere) return [command];
  return gate.unmet.map(({ from }) => {
    if (from === 'anyone' || from === 'user:local') return command;
    return `${command} --as ${quoteWord(from.startsWith('team:') ? `${from}/NAME` : from)}`;
  });
}

async function askFields(fields: readonly GateField[], signal: AbortSignal): Promise<Record<string, string> | null> {
  const given: Record<string, string> = {};
  for (const field of fields) {
    const choices = field.values.length > 0 ? ` (${field.values.join(', ')})` : '';
    const fallback = field.default === null ? '' : ` [${field.default}]`;
    const answer = await askLine(`${field.description ?? field.name}${choices}${fallback}: `, signal);
    if (answer === null) return null;
    const value = answer === '' ? field.default : answer;
    if (value !== null && value !== '') given[field.name] = value;
    else if (field.required) return null;
  }
  return given;
}
