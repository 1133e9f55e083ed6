import type { Hono } from 'hono';
import { html } from 'hono/html';
import type { ApiContext, ApiEnvironment } from '../context.ts';
import { publicAddress } from '../sign-in/public-address.ts';
import { endSession } from '../sign-in/sessions.ts';
import { answerPage } from './page.ts';

/** `/`: who is signed in and where to go on, until the web interface takes its place; `/logout`. */
export function addHomePages(app: Hono<ApiEnvironment>, context: ApiContext): void {
  app.get('/', (request) => {
    const principal = request.get('principal');
    if (!principal) return request.redirect('/login');
    const workspaces = principal.organizations.flatMap((organization) =>
      organization.workspaces.map((workspace) => `${organization.name}/${workspace.name}`),
    );
    return answerPage(request, {
      title: 'Signed in',
      body: html`<p>You are <code>${principal.actor}</code>.</p>
        ${workspaces.length === 0 ? html`<p>You are in no workspace yet: ask an owner for a role in one.</p>` : ''}
        ${
          workspaces.length === 0
            ? ''
            : html`<ul>
                ${workspaces.map((name) => html`<li><code>${name}</code></li>`)}
              </ul>`
        }
        <h2>On the command line</h2>
        <pre><code>buildit login ${publicAddress(context, request)}</code></pre>
        <p><a href="/api/docs">What the API offers</a></p>
        <form method="post" action="/logout">
          <div class="buttons"><button class="plain">Sign out</button></div>
        </form>`,
    });
  });
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
