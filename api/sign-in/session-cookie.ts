import type { Context } from 'hono';
import { generateCookie, getCookie } from 'hono/cookie';
import type { ApiContext, ApiEnvironment } from '../context.ts';

const MAX_AGE_S = 7 * 24 * 60 * 60;

/** Whether browsers reach us by TLS: only then they take a cookie that is `Secure`. */
function isSecure(context: ApiContext): boolean {
  return context.publicUrl()?.startsWith('https:') ?? false;
}

/** `__Host-` binds the cookie to this very host and to TLS (I19); over plain http, on loopback say, no browser keeps it. */
function nameOf(context: ApiContext): string {
  return isSecure(context) ? '__Host-bi_session' : 'bi_session';
}

export function readSessionCookie(context: ApiContext, request: Context<ApiEnvironment>): string | null {
  return getCookie(request, nameOf(context)) ?? null;
}

/** Value of `Set-Cookie` that keeps a session's token; null takes it away. */
export function writeSessionCookie(context: ApiContext, token: string | null): string {
  return generateCookie(nameOf(context), token ?? '', {
    ...{ path: '/', httpOnly: true, sameSite: 'Lax', secure: isSecure(context) },
    maxAge: token === null ? 0 : MAX_AGE_S,
  });
}
