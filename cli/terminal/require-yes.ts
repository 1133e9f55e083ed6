import type { AnyCall } from '../call.ts';
import { EXIT } from '../exit.ts';
import { CommandError } from '../fault/command-error.ts';
import { askLine } from './ask.ts';

/** Passes with `--yes` or a yes at the prompt. Exit 2 when nobody can be asked, or when the answer is no. */
export async function requireYes(
  { screen, options }: Pick<AnyCall, 'screen' | 'options'>,
  question: string,
): Promise<void> {
  if (options.yes) return;
  if (!screen.canPrompt) {
    throw new CommandError(EXIT.usage, { code: 'usage', message: `${question} Nobody said yes`, fix: 'say it: --yes' });
  }
  if (/^(?:y|yes)$/i.test((await askLine(`${question} [y] yes  [n] no: `)) ?? '')) return;
  throw new CommandError(EXIT.usage, { code: 'usage', message: 'nothing was changed', fix: 'answer y, or give --yes' });
}
