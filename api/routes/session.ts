import * as z from 'zod/mini';
import { loadPerson } from '../access/authenticate.ts';
import type { ApiContext } from '../context.ts';
import { route, type Call, type Route } from '../route.ts';
import { meSchema } from '../schemas/sign-in.ts';
import { checkLogin } from '../sign-in/check-login.ts';
import { describeMe } from '../sign-in/me-object.ts';
import { beginSession, endSession } from '../sign-in/sessions.ts';

const loginSchema = z.strictObject({
  /** Name or e-mail. */
  login: z.string().check(z.minLength(1), z.maxLength(320)),
  password: z.string().check(z.minLength(1), z.maxLength(1_024)),
});

const tag = 'me';

/** Signing in with a password, and out again. */
export function sessionRoutes(context: ApiContext): Route[] {
  const signOut = async ({ request, principal }: Pick<Call, 'request' | 'principal'>) => {
    await endSession(context, request, principal);
    return request.body(null, 204);
  };
  return [
    route({
      ...{ method: 'post', path: '/session', name: 'signIn', tag, access: { kind: 'public' } },
      summary: 'Signs a browser in with a password; the answer sets the cookie of the session.',
      body: loginSchema,
      answers: { 200: meSchema },
      async handle({ request, body }) {
        const user = await checkLogin(context, request, body);
        const session = await beginSession(context, request, user);
        return request.json(await describeMe(context, await loadPerson(context, user, { via: 'session', ...session })));
      },
    }),
    route({
      ...{ method: 'delete', path: '/session', name: 'signOut', tag, access: { kind: 'signed-in' } },
      summary: 'Signs the caller out: ends the session of the cookie or of the command line.',
      answers: { 204: 'none' },
      handle: signOut,
    }),
    route({
      ...{ method: 'delete', path: '/me/session', name: 'endOwnSession', tag, access: { kind: 'signed-in' } },
      summary: 'Ends the session of the command line that asks.',
      answers: { 204: 'none' },
      handle: signOut,
    }),
  ];
}
