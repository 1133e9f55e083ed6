import type { Hono } from 'hono';
import { html } from 'hono/html';
import * as z from 'zod/mini';
import { isLinkUsable } from '#db/queries/one-time-links.ts';
import { hasUsers } from '#db/queries/users.ts';
import type { ApiContext, ApiEnvironment } from '../context.ts';
import { ProblemError } from '../problem.ts';
import { takeGuess } from '../sign-in/guesses.ts';
import { beginSession } from '../sign-in/sessions.ts';
import { linkDead, setUp } from '../sign-in/set-up.ts';
import { hashSecret } from '../sign-in/token-text.ts';
import { accountFields, showAccountFields } from './account-fields.ts';
import { NO_FLAWS, readForm, showAlert, toFlaws, type Flaws } from './form.ts';
import { answerPage, type Markup } from './page.ts';

const formSchema = z.object({ ...accountFields, token: z.string() });
const title = 'Make the first account';

/** `/setup`: the first visit, by the link that the server printed. */
export function addSetupPage(app: Hono<ApiEnvironment>, context: ApiContext): void {
  const checkLink = async (token: string, address: string) => {
    if (await hasUsers(context.database)) {
      throw new ProblemError(409, 'setup-done', 'there is an account already', { hint: 'sign in at /login' });
    }
    const guess = await takeGuess(context.database, { at: 'link', account: null, address });
    if (!(await isLinkUsable(context.database, hashSecret(token), 'setup'))) throw linkDead();
    await guess.forgive();
  };
  app.get('/setup', async (request) => {
    const token = request.req.query('token') ?? '';
    await checkLink(token, request.env.address);
    return answerPage(request, { title, body: showSetup(NO_FLAWS, token) });
  });
  app.post('/setup', async (request) => {
    const form = await readForm(request, formSchema);
    if (form.kind === 'wrong') {
      const body = showSetup(form.flaws, form.flaws.values['token'] ?? '');
      return answerPage(request, { title, body, status: 422 });
    }
    const { token, name, email, password } = form.fields;
    await checkLink(token, request.env.address);
    try {
      const user = await setUp(context, request, token, { name, email, password });
      await beginSession(context, request, user);
    } catch (thrown) {
      const body = showSetup(toFlaws(thrown, { name, email }), token);
      return answerPage(request, { title, body, status: 422 });
    }
    return request.redirect('/', 303);
  });
}

function showSetup(flaws: Flaws, token: string): Markup {
  return html`<p>It owns the organization <code>main</code> and looks after this installation.</p>
    ${showAlert(flaws)}
    <form method="post" action="/setup">
      <input type="hidden" name="token" value="${token}" />
      ${showAccountFields(flaws)}
      <div class="buttons"><button>Make the account</button></div>
    </form>`;
}
