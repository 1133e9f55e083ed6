import { createClient, type ApiClient } from '#api/client/client.ts';
import type { AnyCall } from '../call.ts';
import { openEngine } from '../engine/session.ts';
import { openCredential } from './credential.ts';
import { openCredentials } from './credentials.ts';
import { choosePlace, type Place, type ServerPlace } from './place.ts';

/** A way to the API of a place, which can be opened again when the connection was lost. */
export interface Session {
  api(): ApiClient;
  place: Place;
  /** Called after a cut stream; see {@link openEngine} for the local engine. A server is simply asked again. */
  revive(): Promise<void>;
}

export type ServerSession = Session & { place: ServerPlace };

/** What a session needs of a call. */
export type SessionCall = Pick<AnyCall, 'screen' | 'environment' | 'options' | 'config'>;

/** The session of the place that flags, environment and configuration choose. */
export async function openSession(call: SessionCall): Promise<Session> {
  return openPlace(call, placeOf(call));
}

export function placeOf({
  environment,
  options,
  config,
}: Pick<SessionCall, 'environment' | 'options' | 'config'>): Place {
  return choosePlace({ flags: options, environment, config });
}

export async function openPlace(call: SessionCall, place: Place): Promise<Session> {
  return place.kind === 'local' ? openEngine(call) : openServer(call, place);
}

/** Speaks to a server. Nothing is sent before the first call. */
export function openServer({ screen, environment }: SessionCall, place: ServerPlace): ServerSession {
  let said = '';
  const api = createClient({
    url: place.url,
    credential: openCredential(place, openCredentials(environment)),
    onWait(ms, reason) {
      // Several streams may wait for the same.
      if (reason !== said) screen.say(`${reason}; trying again in ${Math.ceil(ms / 1_000)} s\n`);
      said = reason;
    },
  });
  return { api: () => api, place, revive: async () => {} };
}
