import type { ApiContext } from './context.ts';
import type { Route } from './route.ts';
import { systemRoutes } from './routes/system.ts';

/** Every route of the API. */
export function listRoutes(context: ApiContext): Route[] {
  return [systemRoutes].flatMap((createRoutes) => createRoutes(context));
}
