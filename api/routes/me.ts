import * as z from 'zod/mini';
import { listSessions } from '#db/queries/sessions.ts';
import { changePassword, renameUser } from '#db/queries/users.ts';
import { sourceOf } from '../audit/record-audit.ts';
import type { ApiContext } from '../context.ts';
import { notFound, ProblemError } from '../problem.ts';
import { route, type Route } from '../route.ts';
import { pageOf, wholePage } from '../schemas/page.ts';
import { meSchema, sessionSchema } from '../schemas/sign-in.ts';
import { recordAccountEvent } from '../sign-in/account-audit.ts';
import { takeGuess } from '../sign-in/guesses.ts';
import { describeMe } from '../sign-in/me-object.ts';
import { displayNameSchema } from '../sign-in/names.ts';
import { checkPassword, hashPassword, verifyPassword } from '../sign-in/password.ts';
import { requirePerson } from '../sign-in/person.ts';
import { endOneSession } from '../sign-in/sessions.ts';

const passwordSchema = z.string().check(z.minLength(1), z.maxLength(1_024));
const tag = 'me';

/** Who asks, and what of the account is theirs to change. */
export function meRoutes(context: ApiContext): Route[] {
  return [
    route({
      ...{ method: 'get', path: '/me', name: 'getMe', tag, access: { kind: 'signed-in' } },
      summary: 'Answers who the caller is, and where they may do what.',
      answers: { 200: meSchema },
      handle: async ({ request, principal }) => request.json(await describeMe(context, principal)),
    }),
    route({
      ...{ method: 'patch', path: '/me', name: 'changeMe', tag, access: { kind: 'signed-in' } },
      summary: 'Changes the name people see.',
      body: z.strictObject({ displayName: displayNameSchema }),
      answers: { 200: meSchema },
      async handle({ request, principal, body }) {
        const { user } = await requirePerson(context, principal);
        await context.database.begin(async (transaction) => {
          await renameUser(transaction, user.id, body.displayName);
          await recordAccountEvent(transaction, sourceOf(request, principal.actor), {
            ...{ action: 'user.change', account: user },
            detail: { displayName: { before: user.displayName, after: body.displayName } },
          });
        });
        return request.json(await describeMe(context, principal));
      },
    }),
    route({
      ...{ method: 'post', path: '/me/password', name: 'changePassword', tag, access: { kind: 'signed-in' } },
      summary: 'Changes the password, and ends every other sign-in of the account.',
      body: z.strictObject({ current: passwordSchema, password: passwordSchema }),
      answers: { 204: 'none' },
      async handle({ request, principal, body }) {
        const { user, sessionId } = await requirePerson(context, principal);
        const guess = await takeGuess(context.database, {
          ...{ at: 'password', account: user.id, address: request.env.address },
        });
        if (!(await verifyPassword(body.current, user.passwordHash))) {
          throw new ProblemError(403, 'login-wrong', 'the present password is wrong');
        }
        await guess.forgive();
        checkPassword(body.password, [user.name, user.email]);
        const passwordHash = await hashPassword(body.password);
        await context.database.begin(async (transaction) => {
          await changePassword(transaction, { userId: user.id, passwordHash, exceptSessionId: sessionId });
          const source = sourceOf(request, principal.actor);
          await recordAccountEvent(transaction, source, { action: 'user.password', account: user });
        });
        return request.body(null, 204);
      },
    }),
    route({
      ...{ method: 'get', path: '/me/sessions', name: 'listSessions', tag, access: { kind: 'signed-in' } },
      summary: 'Lists where the caller is signed in, the last used first.',
      answers: { 200: pageOf(sessionSchema) },
      async handle({ request, principal }) {
        const { user, sessionId } = await requirePerson(context, principal);
        const sessions = await listSessions(context.database, user.id);
        return request.json(wholePage(sessions.map((row) => ({ ...row, isCurrent: row.id === sessionId }))));
      },
    }),
    route({
      ...{ method: 'delete', path: '/me/sessions/:session', name: 'endSession', tag, access: { kind: 'signed-in' } },
      summary: 'Ends one of the caller’s sign-ins.',
      answers: { 204: 'none' },
      async handle({ request, principal, params }) {
        await requirePerson(context, principal);
        const hasEnded = await endOneSession(context, request, principal, params.session);
        if (!hasEnded) throw notFound(`session ${params.session}`);
        return request.body(null, 204);
      },
    }),
  ];
}
