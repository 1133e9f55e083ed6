import type { Context } from 'hono';
import type { ApiEnvironment } from './context.ts';
import { toProblem } from './problem.ts';

/** Any thrown value as the answer to the request. What is our own error goes to stderr, with its stack. */
export function answerProblem(request: Context<ApiEnvironment>, thrown: unknown): Response {
  const { problem, headers } = toProblem(thrown);
  const requestId = request.get('requestId');
  if (problem.status === 500) {
    const stack = thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown);
    process.stderr.write(`${requestId} ${stack}\n`);
  }
  return request.body(JSON.stringify({ ...problem, requestId }), problem.status, {
    'Content-Type': 'application/problem+json',
    'Cache-Control': 'no-store',
    ...(problem.status === 401 ? { 'WWW-Authenticate': 'Bearer' } : {}),
    ...(problem.retry === 'no' ? {} : { 'Retry-After': String(Math.ceil(problem.retry.afterMs / 1_000)) }),
    ...headers,
  });
}
