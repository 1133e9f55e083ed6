import type { Handler } from '../call.ts';
import { workspaceOf } from '../context/place.ts';
import { openSession } from '../context/session.ts';
import { EXIT } from '../exit.ts';
import type { Commands } from '../grammar/commands.ts';
import { describeScope, readScope, requireSecret } from '../secret/find-secret.ts';
import { requireYes } from '../terminal/require-yes.ts';

/** `buildit secrets delete KEY` */
export const handle: Handler<Commands['secrets delete']> = async (call) => {
  const { api, place } = await openSession(call);
  const secret = await requireSecret(api(), workspaceOf(place), call.words[0] ?? '', readScope(call.options));
  const used = secret.lastUsed ? `, last given to ${secret.lastUsed.run ?? 'a run'} ${secret.lastUsed.stage}` : '';
  await requireYes(call, `Delete ${secret.name} of ${describeScope(secret)} with all its versions${used}?`);
  await api().deleteSecret(secret);
  call.screen.say(`${secret.name} of ${describeScope(secret)} is deleted.\n`);
  return EXIT.done;
};
