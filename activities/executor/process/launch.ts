import { accessSync, constants } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { FaultError, NO_RETRY } from '#core/fault.ts';
import { listExchangeVariables } from '../exchange.ts';
import { type AttemptSpec, NeverStartedError } from '../port.ts';
import { readBegan, readFacts } from './attempt-folder.ts';
import { launchDetached } from './spawner.ts';
import { type SupervisorTools, writeSupervisor } from './supervisor-script.ts';

const TOOL_FOLDERS = ['/usr/bin', '/bin', '/usr/sbin', '/sbin', '/usr/local/bin', '/run/current-system/sw/bin'];
const BEGIN_POLL_MS = 2;
/** A shell begins in milliseconds; after this the machine is in no state to run anything. */
const BEGIN_MS = 10_000;

/**
 * Starts a supervisor for an attempt whose folder is ready, detached from this process; answers when the program's
 * supervisor has begun (this one or another, ms since epoch). The environment is exactly the attempt's.
 */
export async function launchSupervisor(spec: AttemptSpec, folder: string): Promise<number> {
  const facts = await readFacts(folder);
  if (facts === null) throw new Error(`the folder of ${spec.name} is not ready`);
  const workdir = join(facts.workspace, spec.workdir ?? '.');
  const launched = launchDetached({
    args: ['-c', supervisorText(), 'buildit', folder, spec.workdir?.startsWith('/') ? spec.workdir : workdir],
    env: {
      ...spec.env,
      BUILDIT_WORKSPACE: facts.workspace,
      ...listExchangeVariables(folder),
    },
  });
  const failed = Promise.withResolvers<never>();
  failed.promise.catch(() => undefined);
  launched.catch((error: Error) => failed.reject(describeLaunchFailure(spec, error.message)));
  const deadline = performance.now() + BEGIN_MS;
  for (;;) {
    const began = await Promise.race([readBegan(folder), failed.promise]);
    if (began !== null) return began;
    if (performance.now() > deadline) throw describeLaunchFailure(spec, 'it did not begin in time');
    await Promise.race([delay(BEGIN_POLL_MS), failed.promise]);
  }
}

let text: string | null = null;

function supervisorText(): string {
  text ??= writeSupervisor(findTools());
  return text;
}

function findTools(): SupervisorTools {
  return { cat: requireTool('cat'), mv: requireTool('mv'), setsid: findTool('setsid') };
}

function requireTool(name: string): string {
  const path = findTool(name);
  if (path !== null) return path;
  throw new FaultError({
    code: 'tool-missing',
    message: `The program ${name} is in none of ${TOOL_FOLDERS.join(', ')}`,
    fix: 'run the stage in an image instead',
    retry: NO_RETRY,
  });
}

function findTool(name: string): string | null {
  const found = TOOL_FOLDERS.map((folder) => join(folder, name)).find((path) => {
    try {
      accessSync(path, constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
  return found ?? null;
}

function describeLaunchFailure(spec: AttemptSpec, cause: string): NeverStartedError {
  return new NeverStartedError({
    code: 'process-start-failed',
    message: `The process of stage "${spec.stage}" could not be started`,
    cause,
    retry: NO_RETRY,
  });
}
