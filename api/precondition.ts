import type { Context } from 'hono';
import type { ApiEnvironment } from './context.ts';
import { ProblemError } from './problem.ts';

/** What `If-Match` is compared with: the version of an object that people edit (UI §9). */
export function etagOf(version: number): string {
  return `"${version}"`;
}

/**
 * Lets a write pass that was made against the present version. Throws 428 `precondition-missing` without `If-Match`,
 * 412 `changed-meanwhile` with the present object for another version. `*` matches any, as RFC 9110 §13.1.1 says.
 * To be called in the transaction of the write, on a row that is locked.
 */
export function requireMatch(request: Context<ApiEnvironment>, version: number, present: unknown): void {
  const header = request.req.header('if-match');
  if (header === undefined) {
    throw new ProblemError(428, 'precondition-missing', 'this write needs If-Match with the ETag of what it changes', {
      hint: `read it first; its ETag is ${etagOf(version)}`,
    });
  }
  const tags = header.split(',').map((tag) => tag.trim());
  if (tags.includes('*') || tags.includes(etagOf(version))) return;
  throw new ProblemError(412, 'changed-meanwhile', 'somebody changed it since it was read', {
    hint: `look at it again: its ETag is now ${etagOf(version)}`,
    present,
  });
}
