import type { Handler } from '../call.ts';
import { openSession } from '../engine/session.ts';
import { EXIT } from '../exit.ts';
import type { Commands } from '../grammar/commands.ts';
import { printRunObject } from '../run/run-columns.ts';
import { settleCommand } from '../run/settle-command.ts';

/** `buildit runs cancel RUN [--force]` */
export const handle: Handler<Commands['runs cancel']> = async (call) => {
  const { screen, options } = call;
  const api = (await openSession(call)).api();
  const run = await api.getRun(call.words[0] ?? '');
  const verdict = await settleCommand(call, api, await api.cancelRun(run.id, options.force));
  if (call.ui === 'json') await printRunObject(call, await api.getRun(run.id));
  const done = options.force
    ? 'is being stopped at once'
    : 'is being cancelled: its stages get their grace, then its always stages run';
  screen.say(verdict === 'pending' ? `The cancel of ${run.label} is on its way.\n` : `${run.label} ${done}.\n`);
  screen.say(`Next: buildit runs watch ${run.label}\n`);
  return EXIT.done;
};
