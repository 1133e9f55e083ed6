import type { Hono } from 'hono';
import { html } from 'hono/html';
import * as z from 'zod/mini';
import type { InvitationRow } from '#db/queries/invitations.ts';
import { findUser } from '#db/queries/users.ts';
import type { UserRow } from '#db/rows.ts';
import type { Principal } from '../access/principal.ts';
import { sourceOf } from '../audit/record-audit.ts';
import type { ApiContext, ApiEnvironment } from '../context.ts';
import { acceptInvitation, findOpenInvitation } from '../people/accept-invitation.ts';
import { prepareAccount } from '../sign-in/create-account.ts';
import { takeGuess } from '../sign-in/guesses.ts';
import { beginSession } from '../sign-in/sessions.ts';
import { accountFields, showAccountFields } from './account-fields.ts';
import { NO_FLAWS, readForm, showAlert, toFlaws, type Flaws } from './form.ts';
import { answerPage, type Markup } from './page.ts';

const joinSchema = z.object({ token: z.string() });
const accountSchema = z.object({ ...accountFields, token: z.string() });
const title = 'Join an organization';

/** `/invitation?token=`: joins with the account that is signed in, or makes one. */
export function addInvitationPage(app: Hono<ApiEnvironment>, context: ApiContext): void {
  const findInvitation = async (token: string, address: string): Promise<InvitationRow> => {
    const guess = await takeGuess(context.database, { at: 'link', account: null, address });
    const invitation = await context.database.begin((transaction) => findOpenInvitation(transaction, token));
    await guess.forgive();
    return invitation;
  };
  const findPerson = async (principal: Principal | null): Promise<UserRow | null> =>
    principal?.via === 'session' && principal.userId !== null ? findUser(context.database, principal.userId) : null;

  app.get('/invitation', async (request) => {
    const token = request.req.query('token') ?? '';
    const invitation = await findInvitation(token, request.env.address);
    const person = await findPerson(request.get('principal'));
    const body = person ? showJoin(invitation, token, person) : showNewcomer(NO_FLAWS, invitation, token);
    return answerPage(request, { title, body });
  });
  app.post('/invitation', async (request) => {
    const person = await findPerson(request.get('principal'));
    if (person) {
      const form = await readForm(request, joinSchema);
      const token = form.kind === 'right' ? form.fields.token : '';
      await findInvitation(token, request.env.address);
      const source = sourceOf(request, `user:${person.name}`);
      await context.database.begin((transaction) => acceptInvitation(transaction, token, person, source));
      return request.redirect('/', 303);
    }
    const form = await readForm(request, accountSchema);
    const token = form.kind === 'right' ? form.fields.token : (form.flaws.values['token'] ?? '');
    const invitation = await findInvitation(token, request.env.address);
    const refuse = (flaws: Flaws) =>
      answerPage(request, { title, body: showNewcomer(flaws, invitation, token), status: 422 });
    if (form.kind === 'wrong') return refuse(form.flaws);
    const { name, email, password } = form.fields;
    try {
      const createAccount = await prepareAccount({ name, email, password });
      const user = await context.database.begin(async (transaction) => {
        const joining = await createAccount(transaction, { isOperator: false });
        await acceptInvitation(transaction, token, joining, sourceOf(request, `user:${name}`));
        return joining;
      });
      await beginSession(context, request, user);
    } catch (thrown) {
      return refuse(toFlaws(thrown, { name, email }));
    }
    return request.redirect('/', 303);
  });
}

function describe(invitation: InvitationRow): Markup {
  return html`<p>
      <code>${invitation.invitedBy}</code> invites ${invitation.email} to <code>${invitation.organization}</code>.
    </p>
    <dl>
      <dt>Role</dt>
      <dd>${invitation.role}</dd>
      ${invitation.workspaces.map(
        ({ workspace, role }) =>
          html`<dt>In ${workspace}</dt>
            <dd>${role}</dd>`,
      )}
    </dl>`;
}

function showJoin(invitation: InvitationRow, token: string, person: UserRow): Markup {
  return html`${describe(invitation)}
    <form method="post" action="/invitation">
      <input type="hidden" name="token" value="${token}" />
      <div class="buttons"><button>Join as ${person.name}</button></div>
    </form>`;
}

function showNewcomer(flaws: Flaws, invitation: InvitationRow, token: string): Markup {
  const back = `/login?return=${encodeURIComponent(`/invitation?token=${encodeURIComponent(token)}`)}`;
  return html`${describe(invitation)}
    <p>Make an account to join with, or <a href="${back}">sign in</a> with the one you have.</p>
    ${showAlert(flaws)}
    <form method="post" action="/invitation">
      <input type="hidden" name="token" value="${token}" />
      ${showAccountFields(flaws, invitation.email)}
      <div class="buttons"><button>Make the account and join</button></div>
    </form>`;
}
