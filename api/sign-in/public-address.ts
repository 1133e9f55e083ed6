import type { Context } from 'hono';
import type { ApiContext, ApiEnvironment } from '../context.ts';

/** Where people reach the pages, without a slash at the end: as configured, else as this request reached us. */
export function publicAddress(context: ApiContext, request: Context<ApiEnvironment>): string {
  return context.publicUrl() ?? `http://${request.req.header('host') ?? '127.0.0.1'}`;
}
