import type { CommandObject } from '#core/rest.ts';
import { get } from '../data/http.ts';
import { ProblemError } from '../ui/describe-failure.ts';
import type { Receipt } from './action.ts';

const ASK_EVERY_MS = 1_000;
const MOST_ASKS = 60;

/** Waits for the workflow's verdict on what was accepted. Throws its refusal; after a minute it is left to the stream. */
export async function settle(receipt: Receipt): Promise<void> {
  if (receipt.kind === 'done') return;
  let { command } = receipt;
  for (let asked = 0; command.state === 'pending' && asked < MOST_ASKS; asked++) {
    await new Promise((resolve) => setTimeout(resolve, ASK_EVERY_MS));
    command = await get<CommandObject>(`commands/${encodeURIComponent(command.id)}`);
  }
  if (command.problem) throw new ProblemError(command.problem);
}

/** A receipt from the answer to a command: the object itself, or one that says what became of it. */
export function toReceipt(answer: { status: number; body: unknown }): Receipt {
  return answer.status === 202 ? { kind: 'command', command: answer.body as CommandObject } : { kind: 'done' };
}
