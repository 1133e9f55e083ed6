import type { Handler } from '../call.ts';
import { openSession } from '../context/session.ts';
import { printMe } from '../context/show-me.ts';
import { EXIT } from '../exit.ts';
import type { Commands } from '../grammar/commands.ts';

/** `buildit whoami` */
export const handle: Handler<Commands['whoami']> = async (call) => {
  const { api, place } = await openSession(call);
  const me = await api().getMe();
  const where =
    place.kind === 'local'
      ? 'the engine of this machine'
      : `${place.url}${place.context === null ? '' : ` (context ${place.context})`}`;
  call.screen.say(`${me.actor} at ${where}\n`);
  await printMe(call, me);
  return EXIT.done;
};
