import type { AnyCall } from '../call.ts';
import { workspaceOf } from '../context/place.ts';
import { openSession } from '../context/session.ts';
import { EXIT, type ExitCode } from '../exit.ts';
import { CommandError } from '../fault/command-error.ts';
import { printObject } from '../output/list.ts';
import { askLine } from '../terminal/ask.ts';
import { ENVIRONMENT_COLUMNS } from './columns.ts';

/** What `environments lock` and `environments unlock` share: everybody sees why. */
export async function setLock(call: AnyCall, isLocked: boolean, given: string | null): Promise<ExitCode> {
  const { screen, words } = call;
  const reason = given ?? (screen.canPrompt ? await askLine('Why? (everybody sees it) ') : null);
  if (!reason) {
    throw new CommandError(EXIT.usage, {
      code: 'usage',
      message: `${isLocked ? 'a lock' : 'the end of a lock'} needs a reason`,
      fix: 'say why: --reason "database move"',
    });
  }
  const { api, place } = await openSession(call);
  const name = words[0] ?? '';
  const environment = isLocked
    ? await api().lockEnvironment(name, workspaceOf(place), reason)
    : await api().unlockEnvironment(name, workspaceOf(place), reason);
  screen.say(`${environment.name} is ${isLocked ? 'locked' : 'open again'}.\n`);
  if (call.format !== 'table') {
    await printObject(call, environment, { columns: ENVIRONMENT_COLUMNS, nameOf: (shown) => shown.name });
  }
  return EXIT.done;
}
