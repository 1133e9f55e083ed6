import { toFault } from '#core/fault.ts';
import { isExternal } from '#engine/external/environment.ts';
import type { Handler } from '../call.ts';
import { EXIT } from '../exit.ts';
import { CommandError } from '../fault/command-error.ts';
import type { Commands } from '../grammar/commands.ts';
import { readServerOptions } from '../server/options.ts';
import { withSystemFile } from '../server/system-file.ts';

/** Settings of the engine where it serves a team; on a laptop it starts with none of them. */
const SERVER_DEFAULTS = { BUILDIT_WARM_BOXES: '2' };

/** `buildit server`, which `npm start` is. */
export const handle: Handler<Commands['server']> = async (call) => {
  const environment = await withSystemFile(call, call.options.config);
  const options = readServerOptions(call.options, environment);
  const external = chooseExternal(environment);
  if (!external && options.only !== null) {
    throw new CommandError(EXIT.usage, {
      code: 'servers-missing',
      message: `--only ${options.only} needs servers of your own`,
      fix: 'set DATABASE_URL and TEMPORAL_ADDRESS, or leave --only out',
    });
  }
  await prepareWeb(options.only);
  if (external) {
    const { serveExternal } = await import('../server/serve-external.ts');
    return serveExternal({ ...call, environment }, options);
  }
  const { serveEmbedded } = await import('../server/serve-embedded.ts');
  return serveEmbedded({ ...call, environment: { ...SERVER_DEFAULTS, ...environment } }, options);
};

async function prepareWeb(only: 'api' | 'worker' | null): Promise<void> {
  if (only === 'worker') return;
  const { ensureWeb, requireWeb } = await import('../server/ensure-web.ts');
  if (only === 'api') requireWeb();
  else await ensureWeb();
}

function chooseExternal(environment: Readonly<Record<string, string | undefined>>): boolean {
  try {
    return isExternal({ ...environment });
  } catch (thrown) {
    throw new CommandError(EXIT.usage, toFault(thrown));
  }
}
