import type { Context } from 'hono';
import type { ApiEnvironment } from './context.ts';
import { toProblem } from './problem.ts';

/**
 * Any thrown value as the answer to the request. What is our own error goes to stderr, with its stack. Its cause may
 * hold addresses and paths of the machine: who looks after it is told, others have the id of the request to ask with.
 */
export function answerProblem(request: Context<ApiEnvironment>, thrown: unknown): Response {
  const { problem, headers } = toProblem(thrown);
  const { cause, ...rest } = problem;
  const mayKnow = problem.status < 500 || request.get('isLocal') || request.get('principal')?.isOperator === true;
  const requestId = request.get('requestId');
  if (problem.status === 500) {
    const stack = thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown);
    process.stderr.write(`${requestId} ${stack}\n`);
  }
  const shown = mayKnow && cause !== undefined ? { ...rest, cause } : rest;
  return request.body(JSON.stringify({ ...shown, requestId }), problem.status, {
    'Content-Type': 'application/problem+json',
    'Cache-Control': 'no-store',
    ...(problem.status === 401 ? { 'WWW-Authenticate': 'Bearer' } : {}),
    ...(problem.retry === 'no' ? {} : { 'Retry-After': String(Math.ceil(problem.retry.afterMs / 1_000)) }),
    ...headers,
  });
}
