import type { Handler } from '../call.ts';
import { EXIT } from '../exit.ts';
import { CommandError } from '../fault/command-error.ts';
import type { Commands } from '../grammar/commands.ts';
import { findNearest } from '../grammar/nearest.ts';
import { COMPLETION_SCRIPTS } from './scripts.ts';

/** `buildit completion bash|zsh|fish` */
export const handle: Handler<Commands['completion']> = async ({ words, screen }) => {
  const shell = words[0] ?? '';
  const script = Object.hasOwn(COMPLETION_SCRIPTS, shell) ? COMPLETION_SCRIPTS[shell] : undefined;
  if (script === undefined) {
    const near = findNearest(shell, Object.keys(COMPLETION_SCRIPTS));
    throw new CommandError(EXIT.usage, {
      code: 'usage',
      message: `completion does not know the shell "${shell}"`,
      fix: near === null ? 'one of bash, zsh, fish' : `did you mean "${near}"?`,
    });
  }
  screen.out(script);
  return EXIT.done;
};
