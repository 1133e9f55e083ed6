import type { Route } from '../route.ts';
import type { OperationAnswer } from './document.ts';

/** Statuses a route may refuse with, beside those of every route. */
const REFUSALS: Record<number, string> = {
  400: 'Malformed: no JSON, an unknown or double field or parameter.',
  401: 'No valid token or session.',
  403: 'The caller may not.',
  404: 'There is no such object, or none the caller may know of.',
  409: 'In conflict with the present state.',
  412: 'Changed meanwhile; the problem holds the present object.',
  413: 'The body is too large.',
  415: 'The body is no JSON by its media type.',
  416: 'The log has no such part.',
  422: 'Invalid values.',
  428: 'The write needs If-Match.',
  429: 'Too many requests in a minute.',
  503: 'A part behind the API does not answer; try again.',
};

/** What a route may refuse with, by status. */
export function refusalsOf({ method, answers }: Route): Record<string, { $ref: string }> {
  const statuses = [400, 401, 403, 404, 409, 422, 429, 503];
  if (method !== 'get') statuses.push(412, 413, 415, 428);
  if (answers[206]) statuses.push(416);
  return Object.fromEntries(statuses.map((status) => [status, { $ref: `#/components/responses/refused-${status}` }]));
}

/** They are the same everywhere, and stand once in the document. */
export function listRefusals(): Record<string, OperationAnswer> {
  const content = { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } };
  return Object.fromEntries(
    Object.entries(REFUSALS).map(([status, description]) => [
      `refused-${status}`,
      status === '416' ? { description } : { description, content },
    ]),
  );
}
