import { prepareExternal } from '#engine/external/environment.ts';
import { becomeServerProcess, runServerProcesses } from '#engine/external/run-both.ts';
import type { Environment } from '#engine/places.ts';
import type { AnyCall } from '../call.ts';
import { EXIT, type ExitCode } from '../exit.ts';
import { CommandError } from '../fault/command-error.ts';
import type { ServerOptions } from './options.ts';
import { watchStopSignals } from './stop-signal.ts';

/** Serves with a Postgres and a Temporal of one's own: worker and API here, or one of them as this very process. */
export async function serveExternal(call: AnyCall, options: ServerOptions): Promise<ExitCode> {
  const environment: Environment = await prepareExternal({
    ...options,
    environment: { ...call.environment },
    listen: options.only === 'worker' ? null : { host: options.host, port: options.port },
  });
  if (options.only !== null) return becomeServerProcess(options.only, environment);
  const stopping = watchStopSignals();
  const processes = runServerProcesses(environment, environment['BUILDIT_CONTENT_VERSION'] ?? '');
  const stopped = new Promise<null>((resolve) => {
    if (stopping.aborted) resolve(null);
    stopping.addEventListener('abort', () => resolve(null), { once: true });
  });
  const fault = await Promise.race([processes.gaveUp, stopped]);
  await processes.stop();
  if (fault !== null) throw new CommandError(EXIT.notReady, fault);
  return EXIT.done;
}
