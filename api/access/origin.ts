import type { Context } from 'hono';
import type { ApiContext, ApiEnvironment } from '../context.ts';
import { ProblemError } from '../problem.ts';

/**
 * No page of another origin gets an answer, whatever it sends along: not by a plain request, not by a stream, not by a
 * WebSocket (UI §9). Ours are the public address and the very host that was asked. The socket has no pages at all.
 */
export function refuseForeignOrigin(context: ApiContext, request: Context<ApiEnvironment>): void {
  const origin = request.req.header('origin');
  if (origin !== undefined && !isOurs(context, request, origin)) {
    throw new ProblemError(403, 'origin-foreign', `requests from ${origin} are not taken`);
  }
  // Of a read it says too little: a link from elsewhere is a read as well, and is followed.
  const site = request.req.header('sec-fetch-site');
  if (isRead(request) || site === undefined || site === 'same-origin' || site === 'none') return;
  throw new ProblemError(403, 'origin-foreign', `requests of a ${site} page are not taken`);
}

/**
 * A browser sends the cookie by itself, so a change by cookie must also come from a page of ours (I20): browsers say so
 * by `Origin` or `Sec-Fetch-Site`, and what says neither is refused.
 */
export function requireOwnPage(context: ApiContext, request: Context<ApiEnvironment>): void {
  if (isRead(request)) return;
  refuseForeignOrigin(context, request);
  const site = request.req.header('sec-fetch-site');
  if (site === 'same-origin' || (site === undefined && request.req.header('origin') !== undefined)) return;
  throw new ProblemError(403, 'origin-foreign', 'the request says not that a page of this server sent it', {
    hint: 'programs send a token, not a cookie',
  });
}

function isRead(request: Context<ApiEnvironment>): boolean {
  return ['GET', 'HEAD', 'OPTIONS'].includes(request.req.method);
}

function isOurs(context: ApiContext, request: Context<ApiEnvironment>, origin: string): boolean {
  if (request.env.isLocal || !URL.canParse(origin)) return false;
  const { host, origin: parsed } = new URL(origin);
  const publicUrl = context.publicUrl();
  const own = publicUrl === null ? null : new URL(publicUrl);
  // The same host over plain http is who listens in between.
  if (host === own?.host) return parsed === own.origin;
  return host === request.req.header('host');
}
