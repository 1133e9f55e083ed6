import { setTimeout as wait } from 'node:timers/promises';
import type { ApiClient } from '#api/client/client.ts';
import type { CommandObject } from '#core/rest.ts';
import type { AnyCall } from '../call.ts';
import { EXIT } from '../exit.ts';
import { CommandError } from '../fault/command-error.ts';

const POLL_MS = 500;

/**
 * The verdict on a command that the API could not settle at once (202): waits for it,
 * unless `--no-wait`. Null when it was accepted or is still open; throws the refusal.
 */
export async function settleCommand(call: AnyCall, api: ApiClient, answer: object): Promise<'settled' | 'pending'> {
  if (!isCommand(answer)) return 'settled';
  const startedAt = Date.now();
  let command = answer;
  while (command.state === 'pending') {
    if (call.options['no-wait']) return 'pending';
    if (call.timeoutMs !== null && Date.now() - startedAt > call.timeoutMs) {
      throw new CommandError(EXIT.timedOut, {
        code: 'verdict-pending',
        message: 'the run has not said yet whether it accepts',
        fix: 'look again: buildit runs show RUN',
      });
    }
    await wait(POLL_MS);
    command = await api.getCommand(command.id);
  }
  if (command.state === 'accepted' || !command.problem) return 'settled';
  throw Object.assign(new Error(command.problem.detail), {
    problem: command.problem,
    fault: {
      code: command.problem.code,
      message: command.problem.detail,
      fix: command.problem.hint,
      retry: { kind: 'no' },
    },
  });
}

function isCommand(answer: object): answer is CommandObject {
  return 'state' in answer;
}
