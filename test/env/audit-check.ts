import type { Route } from '#api/route.ts';
import type { Database } from '#db/client.ts';

/** Writes that leave no event, each with why not. */
const UNAUDITED: Record<string, string> = {
  addTeamMember: 'says nothing when they were in it already',
  removeTeamMember: 'says nothing when they were not in it',
  validatePipeline: 'writes nothing',
  requestDeviceCode: 'nobody is signed in yet',
  claimDeviceTokens: 'a poll; the approval of the person is an event',
  refreshDeviceTokens: 'goes on with a sign-in that is an event',
  announceSnapshot: 'asks which contents are missing',
  sendContents: 'contents count once a run refers to them, which is an event',
  createOneTimeLink: 'a matter of the machine; what is done by the link is an event',
  ...Object.fromEntries(
    ['signIn', 'signOut', 'endSession', 'endOwnSession', 'changeMe', 'changePassword'].map((name) => [
      name,
      'goes to the organizations of the account, which may be in none',
    ]),
  ),
  openPort: 'a matter of the machine: nobody else can ask for it',
};

/** Why a write that succeeded is not in the audit as it should be; null when all is well. */
export async function findUnaudited(
  database: Database,
  route: Pick<Route, 'method' | 'name'>,
  request: Request,
  response: Response,
): Promise<string | null> {
  if (route.method === 'get' || response.status >= 300 || Object.hasOwn(UNAUDITED, route.name)) return null;
  if (response.headers.has('idempotency-replayed') || new URL(request.url).searchParams.has('dryRun')) return null;
  // Its audit goes with it.
  if (route.name === 'deleteOrganization') return null;
  const requestId = response.headers.get('x-request-id') ?? '';
  const [event] = await database`SELECT FROM audit_events WHERE request_id = ${requestId} LIMIT 1`;
  return event ? null : `${route.name} is not in the audit`;
}
