import { createClient } from '#api/client/client.ts';
import { problemOf } from '#api/client/problem.ts';
import type { Credential } from '#api/client/transport.ts';
import type { DeviceTokensObject } from '#core/rest-sign-in.ts';
import { EXIT } from '../exit.ts';
import { CommandError } from '../fault/command-error.ts';
import type { Credentials, Kept } from './credentials.ts';
import type { ServerPlace } from './place.ts';

/** An access token that ends within this time is renewed before it is used, ms. */
const MARGIN_MS = 30_000;

/** No secret at all: for what anybody may ask. */
export const ANONYMOUS: Credential = { token: async () => null, renew: async () => false };

/** A token that was given, by BUILDIT_TOKEN or to `login --with-token`. */
export function fixedCredential(token: string): Credential {
  return { token: async () => token, renew: async () => false };
}

/**
 * What the place is signed in with. A session's access token is renewed when it ends; commands that do so at the same
 * time take turns and the later ones take what the first got. Throws exit 4 when nobody is signed in.
 */
export function openCredential(place: ServerPlace, credentials: Credentials): Credential {
  if (place.token !== null) return fixedCredential(place.token);
  const { context, url } = place;
  const find = (): Kept => {
    const kept = context === null ? null : credentials.find(context);
    // A token is for the server it came from, whatever the configuration says since.
    if (!kept || kept.server !== url) throw refuseSignIn(url, null);
    return kept;
  };
  let used: string | null = null;
  const renew = async (old: string): Promise<void> =>
    credentials.locked(async () => {
      const kept = find();
      if (kept.kind === 'token' || kept.accessToken !== old || context === null) return;
      credentials.keep(context, { kind: 'session', server: url, ...(await refresh(url, kept.refreshToken)) });
    });
  return {
    async token() {
      let kept = find();
      if (kept.kind === 'session' && Date.parse(kept.expiresAt) - Date.now() < MARGIN_MS) {
        await renew(kept.accessToken);
        kept = find();
      }
      used = kept.kind === 'token' ? kept.token : kept.accessToken;
      return used;
    },
    async renew() {
      const kept = find();
      if (kept.kind === 'token') return used !== kept.token;
      if (kept.accessToken === used) await renew(used);
      return true;
    },
  };
}

/** What is kept and still counts, without asking for anything new; null when there is nothing. */
export function heldCredential(place: ServerPlace, credentials: Credentials): Credential | null {
  if (place.token !== null) return fixedCredential(place.token);
  const kept = place.context === null ? null : credentials.find(place.context);
  if (!kept || kept.server !== place.url) return null;
  if (kept.kind === 'token') return fixedCredential(kept.token);
  return Date.parse(kept.expiresAt) > Date.now() ? fixedCredential(kept.accessToken) : null;
}

async function refresh(url: string, refreshToken: string): Promise<DeviceTokensObject> {
  const api = createClient({ url, credential: ANONYMOUS });
  try {
    return pickTokens(await api.refreshDeviceToken(refreshToken));
  } catch (thrown) {
    const problem = problemOf(thrown);
    if (problem && problem.status >= 400 && problem.status < 500 && problem.status !== 429) {
      throw refuseSignIn(url, problem.detail);
    }
    throw thrown;
  } finally {
    api.close();
  }
}

/** Nothing but what is kept, whatever else the answer has. */
export function pickTokens({ accessToken, refreshToken, expiresAt }: DeviceTokensObject): DeviceTokensObject {
  return { accessToken, refreshToken, expiresAt };
}

export function refuseSignIn(url: string, cause: string | null): CommandError {
  return new CommandError(EXIT.notAllowed, {
    code: 'not-signed-in',
    message: `nobody is signed in to ${url}`,
    ...(cause === null ? {} : { cause }),
    fix: `buildit login ${url}`,
  });
}
