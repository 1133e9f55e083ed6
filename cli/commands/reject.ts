import type { Handler } from '../call.ts';
import { EXIT } from '../exit.ts';
import { CommandError } from '../fault/command-error.ts';
import type { Commands } from '../grammar/commands.ts';
import { decideGate } from '../run/decide.ts';
import { askLine } from '../terminal/ask.ts';

/** `buildit reject RUN [GATE] --comment T` */
export const handle: Handler<Commands['reject']> = async (call) => {
  const { options, screen } = call;
  const comment = options.comment ?? (screen.canPrompt ? await askLine('Why not? (kept with the rejection) ') : null);
  if (!comment) {
    throw new CommandError(EXIT.usage, {
      code: 'usage',
      message: 'a rejection needs a comment',
      fix: 'say why: --comment "not on a Friday"',
    });
  }
  return decideGate(call, { verdict: 'reject', comment }, options.as);
};
