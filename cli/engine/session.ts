import { createClient } from '#api/client/client.ts';
import { faultOf } from '#core/fault.ts';
import { type EngineConnection, ensureEngine } from '#engine/ensure.ts';
import type { WaitingSupervisor } from '#engine/start-supervisor.ts';
import type { AnyCall } from '../call.ts';
import type { Session } from '../context/session.ts';
import { EXIT } from '../exit.ts';
import { CommandError } from '../fault/command-error.ts';

/** A connection to the local engine that can be renewed when the engine has died (ENGINE 8). */
export interface EngineSession extends Session {
  connection: EngineConnection;
}

/**
 * Starts or joins the engine. Progress of a cold start goes to stderr. `revive` makes sure after a cut stream that the
 * engine serves again; calls at the same time share one attempt, and it throws exit 3 when it cannot be brought back.
 */
export async function openEngine(
  call: Pick<AnyCall, 'screen' | 'environment'>,
  supervisor: WaitingSupervisor | null = null,
): Promise<EngineSession> {
  const environment = { ...call.environment };
  const onProgress = (line: string) => call.screen.say(`${line}\n`);
  let connection = await ensure({ environment, onProgress, supervisor });
  let api = createClient({ socketPath: connection.socket, token: connection.token });
  let reviving: Promise<void> | null = null;
  const revive = async () => {
    connection = await ensure({ environment, version: 'any' });
    api = createClient({ socketPath: connection.socket, token: connection.token });
  };
  return {
    api: () => api,
    place: { kind: 'local' },
    connection,
    revive() {
      reviving ??= revive().finally(() => {
        reviving = null;
      });
      return reviving;
    },
  };
}

/** A fault of the engine means this machine is not ready: exit 3. */
async function ensure(options: Parameters<typeof ensureEngine>[0]): Promise<EngineConnection> {
  try {
    return await ensureEngine(options);
  } catch (thrown) {
    const fault = faultOf(thrown);
    throw fault ? new CommandError(EXIT.notReady, fault) : thrown;
  }
}
