import type { MiddlewareHandler } from 'hono';
import type { ApiContext, ApiEnvironment } from '../context.ts';

/**
 * What every answer tells a browser: it is what its type says, nobody frames it, nothing is loaded or run from it, and
 * only whom it was made for keeps it. A page of ours brings a policy of its own. There is no CORS: no other origin reads
 * an answer.
 */
const HEADERS = {
  'X-Content-Type-Options': 'nosniff',
  'X-Frame-Options': 'DENY',
  'Referrer-Policy': 'no-referrer',
  'Content-Security-Policy': "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cache-Control': 'no-store',
};

export function securityHeaders(context: ApiContext): MiddlewareHandler<ApiEnvironment> {
  return async (request, next) => {
    await next();
    for (const [name, value] of Object.entries(HEADERS)) {
      if (!request.res.headers.has(name)) request.header(name, value);
    }
    if (context.publicUrl()?.startsWith('https:')) request.header('Strict-Transport-Security', 'max-age=31536000');
  };
}
