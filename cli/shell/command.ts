import type { Handler } from '../call.ts';
import { openRun } from '../context/open-run.ts';
import { EXIT } from '../exit.ts';
import { CommandError } from '../fault/command-error.ts';
import type { Commands } from '../grammar/commands.ts';
import { askForSecrets } from './ask-for-secrets.ts';
import { attachShell } from './attach.ts';

/** `buildit shell RUN STAGE`: a terminal in the stage, as it runs, as it was left, or as it began. */
export const handle: Handler<Commands['shell']> = async (call) => {
  const { screen, words, options } = call;
  if (!screen.canPrompt || process.stdout.isTTY !== true) {
    throw new CommandError(EXIT.usage, {
      code: 'usage',
      message: 'a shell needs a terminal',
      fix: 'call it from one, without redirecting its input or output',
    });
  }
  const { api, run } = await openRun(call, words[0]);
  const stage = words[1] ?? '';
  const secrets = await askForSecrets(api, run.id, stage, options.yes);
  const exitCode = await attachShell(api, screen, { run: run.id, stage, secrets });
  screen.say(`The shell ended with exit ${exitCode}.\n`);
  return EXIT.done;
};
