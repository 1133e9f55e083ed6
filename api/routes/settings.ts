import type { ApiContext } from '../context.ts';
import { route, type Route } from '../route.ts';
import { pageOf, wholePage } from '../schemas/page.ts';
import { settingSchema } from '../schemas/workspaces.ts';

/** Settings of the installation, as they are in force. They are set in the environment: nothing changes them here. */
export function settingRoutes(context: ApiContext): Route[] {
  return [
    route({
      ...{ method: 'get', path: '/settings', name: 'listSettings', tag: 'system' },
      summary: 'Lists the settings in force and where each is from; values of secrets are left out.',
      access: { kind: 'operator' },
      answers: { 200: pageOf(settingSchema) },
      handle: (call) => call.request.json(wholePage([...context.settings.facts])),
    }),
  ];
}
