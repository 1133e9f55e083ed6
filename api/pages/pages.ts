import { Hono } from 'hono';
import { html } from 'hono/html';
import { authenticating } from '../access/authenticate.ts';
import { requireOwnPage } from '../access/origin.ts';
import type { ApiContext, ApiEnvironment } from '../context.ts';
import { toProblem } from '../problem.ts';
import { addDevicePages } from './device.ts';
import { addInvitationPage } from './invitation.ts';
import { addLoginPages } from './login.ts';
import { addLogoutPage } from './logout.ts';
import { answerPage, STYLE, STYLE_PATH } from './page.ts';
import { addSetupPage } from './setup.ts';

/**
 * The pages that stand before the web interface: who comes to them has no account yet, is not signed in, or confirms a
 * sign-in. Plain forms without a script, so that nothing has to be loaded, and nothing can be, before that. Each form is
 * taken from a page of ours alone, also before anybody is signed in.
 */
export function pageRoutes(context: ApiContext): Hono<ApiEnvironment> {
  const app = new Hono<ApiEnvironment>();
  // `/login/*` is `/login` as well: a path named twice would be authenticated twice.
  const paths = ['/setup', '/login/*', '/logout', '/invitation'];
  for (const path of paths) {
    app.use(path, authenticating(context), async (request, next) => {
      requireOwnPage(context, request);
      await next();
    });
  }
  addLogoutPage(app, context);
  addSetupPage(app, context);
  addLoginPages(app, context);
  addDevicePages(app, context);
  addInvitationPage(app, context);
  app.get(STYLE_PATH, (request) =>
    request.body(STYLE, 200, {
      'Content-Type': 'text/css; charset=utf-8',
      'Cache-Control': 'public, max-age=31536000, immutable',
    }),
  );
  app.onError((thrown, request) => {
    const { problem } = toProblem(thrown);
    const { status, title, detail, hint, code } = problem;
    if (status === 500) process.stderr.write(`${request.get('requestId')} ${thrown.stack ?? String(thrown)}\n`);
    const body = html`<p class="alert" role="alert">${detail}</p>
      ${hint ? html`<p>${hint}</p>` : ''}
      <p class="hint">${code} · request ${request.get('requestId')}</p>`;
    const wait = problem.retry === 'no' ? {} : { 'Retry-After': String(Math.ceil(problem.retry.afterMs / 1_000)) };
    return answerPage(request, { title, body, status, headers: wait });
  });
  return app;
}
