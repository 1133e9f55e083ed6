import { Hono, type Context, type Next } from 'hono';
import { html } from 'hono/html';
import { authenticating } from '../access/authenticate.ts';
import type { ApiContext, ApiEnvironment } from '../context.ts';
import { answerPage } from '../pages/page.ts';
import { ProblemError } from '../problem.ts';
import { PAGE_NAMES } from '../schemas/name.ts';
import { answerAsset } from './answer-asset.ts';
import { WORKER_POLICY } from './policy.ts';

/** First parts of addresses that the interface answers although they are no organization's name. */
const OWN_PAGES: ReadonlySet<string> = new Set(['', 'r', 'settings', 'admin']);

/**
 * The web interface: its files, and its one page at every address that is a page of it. Whoever is not signed in is sent
 * to `/login` before anything is loaded.
 */
export function webRoutes(context: ApiContext): Hono<ApiEnvironment> {
  const app = new Hono<ApiEnvironment>();
  app.get('/assets/:name', async (request) => {
    const asset = await context.web.findAsset(request.req.param('name'));
    if (!asset) throw new ProblemError(404, 'not-found', `there is no ${request.req.path}`);
    return answerAsset(request, asset, {
      // The name has the content's digest in it.
      'Cache-Control': 'public, max-age=31536000, immutable',
      'Content-Security-Policy': WORKER_POLICY,
    });
  });
  const isPage = async (request: Context<ApiEnvironment>, next: Next, act: () => Promise<Response | void>) =>
    isPageAddress(request.req.path) ? act() : next();
  app.get('*', (request, next) => isPage(request, next, () => authenticating(context)(request, next)));
  app.get('*', (request, next) => isPage(request, next, () => answerIndex(context, request)));
  return app;
}

/** Whether an address is a page of the interface; never one of the API, of files, of probes. */
export function isPageAddress(path: string): boolean {
  const [, first = '', second] = path.split('/');
  if (OWN_PAGES.has(first)) return true;
  return second !== undefined && second !== '' && /^[a-z0-9][a-z0-9-]*$/.test(first) && !PAGE_NAMES.includes(first);
}

async function answerIndex(context: ApiContext, request: Context<ApiEnvironment>): Promise<Response> {
  if (!request.get('principal')) {
    const { pathname, search } = new URL(request.req.url);
    const target = pathname === '/' ? '' : `?return=${encodeURIComponent(`${pathname}${search}`)}`;
    return request.redirect(`/login${target}`);
  }
  const index = await context.web.findIndex();
  if (!index) {
    return answerPage(request, {
      title: 'Not built yet',
      body: html`<p>The web interface of this server is not built.</p>
        <p>On the server: <code>npm run build</code>. <a href="/api/docs">The API</a> works without it.</p>`,
      status: 503,
    });
  }
  return answerAsset(request, index, {
    'Cache-Control': 'no-store',
    'Content-Security-Policy': index.policy,
    'Referrer-Policy': 'same-origin',
  });
}
