import { EXIT } from '../exit.ts';
import { CommandError } from '../fault/command-error.ts';
import type { ServerPlace } from './place.ts';
import { openServer, placeOf, type Session, type SessionCall } from './session.ts';

/** A session with a server, for what only a server has. Exit 2 when the command is for this machine. */
export function openServerSession(call: SessionCall, what: string): Session & { place: ServerPlace } {
  const place = placeOf(call);
  if (place.kind === 'server') return openServer(call, place);
  throw new CommandError(EXIT.usage, {
    code: 'server-missing',
    message: `${what} are kept by a server, and none is in use`,
    fix: 'sign in to one: buildit login URL; or use one you have: --context CTX',
  });
}
