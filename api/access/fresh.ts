import { ProblemError } from '../problem.ts';
import type { Principal } from './principal.ts';

const FRESH_MS = 10 * 60_000;

/**
 * Tokens and secrets are written by people who gave their password within the last 10 minutes (I19): a browser left open
 * is not enough. Throws 403 `sign-in-too-old`. An API token passes by its scope (to secrets; it makes no tokens), the socket by its file.
 */
export function requireFresh(principal: Principal): void {
  if (isFresh(principal)) return;
  throw new ProblemError(403, 'sign-in-too-old', 'this needs a sign-in of the last 10 minutes', {
    hint: 'sign in again: `buildit login`, or /login in the browser',
  });
}

export function isFresh(principal: Principal): boolean {
  if (principal.sessionId === null) return true;
  if (principal.authenticatedAt === null) return false;
  return Date.parse(principal.authenticatedAt) > Date.now() - FRESH_MS;
}
