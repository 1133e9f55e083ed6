import { problemOf } from '#api/client/problem.ts';
import type { Handler } from '../call.ts';
import { openCredentials } from '../context/credentials.ts';
import { openServer, placeOf } from '../context/session.ts';
import { EXIT } from '../exit.ts';
import { CommandError } from '../fault/command-error.ts';
import type { Commands } from '../grammar/commands.ts';

/** `buildit logout`: ends the session at the server, then forgets its tokens here. */
export const handle: Handler<Commands['logout']> = async (call) => {
  const place = placeOf(call);
  if (place.kind === 'local' || place.context === null) {
    throw new CommandError(EXIT.usage, {
      code: 'usage',
      message: 'there is no sign-in to end: the engine of this machine needs none',
      fix: 'for another context: buildit logout --context CTX',
    });
  }
  const credentials = openCredentials(call.environment);
  const kept = credentials.find(place.context);
  if (kept?.kind === 'session' && kept.server === place.url) {
    try {
      await openServer(call, { ...place, token: null })
        .api()
        .endDeviceSession();
    } catch (thrown) {
      // It has ended already; what is kept of it is worth nothing.
      if (!isEnded(thrown)) throw thrown;
    }
  }
  credentials.forget(place.context);
  call.screen.say(
    kept?.kind === 'token'
      ? `Forgot the token of ${place.url}; it stays valid until somebody revokes it.\n`
      : `Signed out of ${place.url}. Next: buildit login ${place.url}\n`,
  );
  return EXIT.done;
};

function isEnded(thrown: unknown): boolean {
  return problemOf(thrown)?.status === 401 || (thrown instanceof CommandError && thrown.fault.code === 'not-signed-in');
}
