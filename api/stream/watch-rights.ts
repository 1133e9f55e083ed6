import { isAway } from '#db/away.ts';
import { findLimits, isSessionLive } from '#db/queries/sign-in-holds.ts';
import { limitToToken, loadOrganizations } from '../access/person-principal.ts';
import type { OrganizationGrant, Principal } from '../access/principal.ts';
import type { ApiContext } from '../context.ts';
import { describeRights } from './open-reader.ts';

/** Notified by triggers when a sign-in is revoked or somebody's rights change (0008_changes.sql). */
const PEOPLE = 'people';
/** Streams look again spread over this time, ms: many may be open. A right taken away ends them within 10 s (UI §9). */
const SPREAD_MS = 5_000;
/** What ends by time alone is looked at this often, ms. */
const EXPIRY_MS = 60_000;

/** Calls `onLost` once when the principal may no longer what it could when the stream began. Answers how to stop. */
export function watchRights(
  context: Pick<ApiContext, 'database' | 'hub'>,
  principal: Principal,
  onLost: () => void,
  spreadMs: number = SPREAD_MS,
): () => void {
  if (principal.via === 'local') return () => {};
  const rights = describeRights(principal);
  let timer: NodeJS.Timeout | undefined;
  let isStopped = false;

  const look = async () => {
    try {
      const organizations = await readRights(context, principal);
      if (isStopped) return;
      if (organizations === null || describeRights({ ...principal, organizations }) !== rights) {
        stop();
        onLost();
        return;
      }
      lookAgain(EXPIRY_MS);
    } catch (error) {
      // What cannot be asked now is asked again; anything else is no reason to go on trusting.
      if (isAway(error)) return lookAgain(spreadMs);
      stop();
      onLost();
    }
  };
  const lookAgain = (ms: number) => {
    clearTimeout(timer);
    if (!isStopped) timer = setTimeout(() => void look(), ms).unref();
  };
  const unlisten = context.hub.listen(PEOPLE, () => lookAgain(Math.random() * spreadMs));
  const stop = () => {
    isStopped = true;
    clearTimeout(timer);
    unlisten();
  };
  lookAgain(EXPIRY_MS);
  return stop;
}

/** What the principal may now; null when the sign-in or token counts no more. */
async function readRights(
  { database }: Pick<ApiContext, 'database'>,
  principal: Principal,
): Promise<readonly OrganizationGrant[] | null> {
  if (principal.callerId.startsWith('token:')) {
    const token = await findLimits(database, principal.callerId.slice('token:'.length));
    return token && limitToToken(await loadOrganizations(database, token.userId), token);
  }
  if (principal.sessionId === null || !(await isSessionLive(database, principal.sessionId))) return null;
  return principal.userId === null ? principal.organizations : loadOrganizations(database, principal.userId);
}
