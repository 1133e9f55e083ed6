import type { Hono } from 'hono';
import { html } from 'hono/html';
import type { ApiContext, ApiEnvironment } from '../context.ts';
import { endSession } from '../sign-in/sessions.ts';
import { answerPage } from './page.ts';

/** `/logout`, which asks first: a link alone signs nobody out. */
export function addLogoutPage(app: Hono<ApiEnvironment>, context: ApiContext): void {
  app.get('/logout', (request) =>
    answerPage(request, {
      title: 'Sign out',
      body: html`<form method="post" action="/logout">
        <div class="buttons"><button>Sign out</button></div>
      </form>`,
    }),
  );
  app.post('/logout', async (request) => {
    const principal = request.get('principal');
    if (principal) await endSession(context, request, principal);
    return request.redirect('/login', 303);
  });
}
