import type { Hono } from 'hono';
import { html } from 'hono/html';
import * as z from 'zod/mini';
import { takeLink } from '#db/queries/one-time-links.ts';
import { hasUsers } from '#db/queries/users.ts';
import { isFresh } from '../access/fresh.ts';
import type { ApiContext, ApiEnvironment } from '../context.ts';
import { checkLogin } from '../sign-in/check-login.ts';
import { takeGuess } from '../sign-in/guesses.ts';
import { beginSession } from '../sign-in/sessions.ts';
import { linkDead } from '../sign-in/set-up.ts';
import { hashSecret } from '../sign-in/token-text.ts';
import { NO_FLAWS, readForm, showAlert, showField, toFlaws, type Flaws } from './form.ts';
import { answerPage, type Markup } from './page.ts';
import { readReturnPath } from './return-path.ts';

const formSchema = z.object({ login: z.string(), password: z.string(), return: z.optional(z.string()) });

/** `/login`: name and password; `/login/open`: the link of `buildit open`. */
export function addLoginPages(app: Hono<ApiEnvironment>, context: ApiContext): void {
  app.get('/login', async (request) => {
    const principal = request.get('principal');
    const target = readReturnPath(request.req.query('return'));
    // `again` is how a page asks for a sign-in of the last minutes.
    if (principal && (request.req.query('again') === undefined || isFresh(principal))) return request.redirect(target);
    if (!(await hasUsers(context.database))) {
      return answerPage(request, {
        title: 'Not set up yet',
        body: html`<p>There is no account yet. Open the link that <code>buildit server</code> printed.</p>`,
      });
    }
    return answerPage(request, { title: 'Sign in', body: showLogin(NO_FLAWS, target) });
  });
  app.post('/login', async (request) => {
    const form = await readForm(request, formSchema);
    if (form.kind === 'wrong') {
      return answerPage(request, { title: 'Sign in', body: showLogin(form.flaws, '/'), status: 422 });
    }
    const { login, password } = form.fields;
    const target = readReturnPath(form.fields.return);
    try {
      const user = await checkLogin(context, request, { login, password });
      await beginSession(context, request, user);
    } catch (thrown) {
      return answerPage(request, {
        title: 'Sign in',
        body: showLogin(toFlaws(thrown, { login }), target),
        status: 401,
      });
    }
    return request.redirect(target, 303);
  });
  app.get('/login/open', async (request) => {
    const guess = await takeGuess(context.database, { at: 'link', account: null, address: request.env.address });
    const tokenHash = hashSecret(request.req.query('token') ?? '');
    if (!(await takeLink(context.database, tokenHash, 'open'))) throw linkDead();
    await guess.forgive();
    await beginSession(context, request, null);
    return request.redirect(readReturnPath(request.req.query('return')), 303);
  });
}

function showLogin(flaws: Flaws, target: string): Markup {
  return html`${showAlert(flaws)}
    <form method="post" action="/login">
      <input type="hidden" name="return" value="${target}" />
      ${showField(flaws, { name: 'login', label: 'Name or e-mail', autocomplete: 'username', isFirst: true })}
      ${showField(flaws, { name: 'password', label: 'Password', type: 'password', autocomplete: 'current-password' })}
      <div class="buttons"><button>Sign in</button></div>
    </form>`;
}
