import { setTimeout as pause } from 'node:timers/promises';
import type { HeldPort } from '#api/client/port-calls.ts';
import { problemOf } from '#api/client/problem.ts';
import { digestSettings } from '#config/system/digest.ts';
import { faultOf } from '#core/fault.ts';
import { configureEngine, engineStatus, releaseEngine } from '#engine/engine-control.ts';
import type { AnyCall } from '../call.ts';
import { type EngineSession, openEngine } from '../engine/session.ts';
import { EXIT, type ExitCode } from '../exit.ts';
import { announce } from './announce.ts';
import type { ServerOptions } from './options.ts';
import { watchStopSignals } from './stop-signal.ts';

/** How long a port is asked for again that was ours: the API that had it may still be leaving. */
const REOPEN_WITHIN_MS = 20_000;
const REOPEN_EVERY_MS = 200;

/**
 * Serves the engine of this machine on a port until a signal comes. The port belongs to this command's connection; when
 * the API dies or another version takes over, the same port is asked of the next one.
 */
export async function serveEmbedded(call: AnyCall, options: ServerOptions): Promise<ExitCode> {
  const stopping = watchStopSignals();
  const session = await openEngine(call);
  const settings = digestSettings({ ...call.environment });
  const { host, publicUrl, insecureHttp } = options;
  const hold = (port: number, isExact: boolean) =>
    session.api().holdPort({ host, port, isExact, publicUrl, insecureHttp, settings }, stopping);

  let held: HeldPort | null = await withSettings(call, session, () => hold(options.port, options.isExact));
  if (options.port !== 0 && held.port !== options.port) {
    call.screen.say(`Port ${options.port} is taken; this is ${held.port}.\n`);
  }
  const setupUrl = await findSetupUrl(session, held);
  await announce(call, { url: held.publicUrl, setupUrl });
  const { port } = held;
  while (held !== null) {
    await held.ended;
    if (stopping.aborted) break;
    held = await reopen(call, session, stopping, () => withSettings(call, session, () => hold(port, true)));
  }
  session.api().close();
  const isStopped = await releaseEngine({ environment: call.environment });
  call.screen.say(
    isStopped
      ? 'The port is closed and the engine has stopped; open runs go on when it starts again.\n'
      : 'The port is closed; the engine goes on for others who are connected to it.\n',
  );
  return EXIT.done;
}

/** Opens the port; an engine with other settings gets this command's first, and a worker and an API that have them. */
async function withSettings<Result>(
  call: AnyCall,
  session: EngineSession,
  act: () => Promise<Result>,
): Promise<Result> {
  try {
    return await act();
  } catch (error) {
    if (problemOf(error)?.code !== 'settings-differ') throw error;
    call.screen.say('The engine runs with other settings; its worker and API are replaced.\n');
    session.api().close();
    await configureEngine({ environment: call.environment });
    await session.revive();
    return act();
  }
}

/** The port once more, or null when it is no longer wanted: a signal came, or somebody stopped the engine. */
async function reopen(
  call: AnyCall,
  session: EngineSession,
  stopping: AbortSignal,
  act: () => Promise<HeldPort>,
): Promise<HeldPort | null> {
  const until = performance.now() + REOPEN_WITHIN_MS;
  let hasSaid = false;
  while (!stopping.aborted) {
    const status = await engineStatus({ environment: call.environment });
    if (status.kind === 'stopped' && status.why === 'asked') return null;
    try {
      // One that is leaving is waited for: reviving it would undo what somebody asked for.
      if (status.kind !== 'starting') {
        if (!hasSaid) call.screen.say('The API has ended; the port opens again with the next one.\n');
        hasSaid = true;
        await session.revive();
        return await act();
      }
    } catch (error) {
      if (stopping.aborted) return null;
      const code = problemOf(error)?.code ?? faultOf(error)?.code;
      const isPassing = code === 'port-in-use' || code === 'port-open' || code === 'api-unreachable';
      if (!isPassing || performance.now() > until) throw error;
    }
    await pause(REOPEN_EVERY_MS);
  }
  return null;
}

/** The link of the first visit; there is none once somebody has an account. */
async function findSetupUrl(session: EngineSession, held: HeldPort): Promise<string | null> {
  try {
    const { path } = await session.api().createOneTimeLink('setup');
    return `${held.publicUrl}${path}`;
  } catch (error) {
    if (problemOf(error)?.code === 'setup-done') return null;
    throw error;
  }
}
