import type { ApiClient } from '#api/client/client.ts';
import type { CommandObject, RunObject } from '#core/rest.ts';
import type { AnyCall } from '../call.ts';
import { openRun } from '../context/open-run.ts';
import { EXIT, type ExitCode } from '../exit.ts';
import { printRunObject } from './run-columns.ts';
import { settleCommand } from './settle-command.ts';

/** A command on a run that the run itself accepts or refuses. */
export interface RunChange {
  send: (api: ApiClient, runId: string) => Promise<RunObject | CommandObject>;
  /** `The cancel of shop-api#142 is on its way.` */
  noun: string;
  /** `shop-api#142 is paused: …` */
  done: string;
  next: (label: string) => string;
}

/** What `cancel`, `pause` and `resume` share: find the run, send the command, wait for the verdict, say it. */
export async function changeRun(call: AnyCall, change: RunChange): Promise<ExitCode> {
  const { screen } = call;
  const { api, run } = await openRun(call, call.words[0]);
  const verdict = await settleCommand(call, api, await change.send(api, run.id));
  if (call.ui === 'json') await printRunObject(call, await api.getRun(run.id));
  screen.say(
    verdict === 'pending' ? `The ${change.noun} of ${run.label} is on its way.\n` : `${run.label} ${change.done}.\n`,
  );
  screen.say(`Next: ${change.next(run.label)}\n`);
  return EXIT.done;
}
