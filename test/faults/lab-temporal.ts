import { join } from 'node:path';
import { findFreePort } from '#engine/free-port.ts';
import type { Part } from '#engine/part.ts';
import { openRotatingLog } from '#engine/rotating-log.ts';
import { startTemporal } from '#engine/temporal-server.ts';
import { locateTemporal } from '../env/temporal.ts';

/** A Temporal server that may be killed and comes back with what it had. */
export interface LabTemporal {
  address: string;
  /** `kill -9`; the answer starts it again. */
  kill(): Promise<() => Promise<void>>;
  stop(): Promise<void>;
}

const READY_MS = 60_000;

export async function startLabTemporal(folder: string): Promise<LabTemporal> {
  const [path, port] = await Promise.all([locateTemporal(), findFreePort()]);
  const log = openRotatingLog(join(folder, 'logs', 'temporal.log'));
  const launch = async (): Promise<Part> => {
    const part = startTemporal({
      binary: { path, version: '0.0.0' },
      databaseFile: join(folder, 'temporal.db'),
      ...{ namespace: 'default', port, environment: process.env, log, readyWithinMs: READY_MS },
      onSpawn: () => {},
    });
    await part.ready;
    return part;
  };
  let part = await launch();
  // Also when the test that started it fails before it can stop it.
  process.once('exit', () => endAtOnce(part.identity.pid));
  return {
    address: part.address,
    async kill() {
      process.kill(part.identity.pid, 'SIGKILL');
      await part.exited;
      return async () => {
        part = await launch();
      };
    },
    stop: () => part.stop(),
  };
}

function endAtOnce(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // Gone already.
  }
}
