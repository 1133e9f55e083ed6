import { mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, vi } from 'vitest';
import type { ChildMessage, EngineRole } from '#core/engine-file.ts';
import { engineStatus, type EngineStatus, stopEngine } from '../engine-control.ts';
import type { EngineConnection, EngineOverrides } from '../ensure.ts';
import { ensureEngine } from '../ensure.ts';
import type { Environment } from '../places.ts';
import type { WaitingSupervisor } from '../start-supervisor.ts';

/** A data folder of a test's own with real Temporal and Postgres; worker and API are stubs. */
export interface TestEngine {
  dataFolder: string;
  environment: Environment;
  ensure(
    overrides?: EngineOverrides,
    version?: 'own' | 'any',
    supervisor?: WaitingSupervisor | null,
  ): Promise<EngineConnection>;
  status(): Promise<EngineStatus>;
  stop(): Promise<boolean>;
  /** Pid of a role now, or null between a death and the next start. */
  pidOf(role: EngineRole): Promise<number | null>;
  /** Lets the stub API say this to the supervisor. */
  say(connection: EngineConnection, message: ChildMessage): Promise<void>;
}

const ENTRIES = {
  worker: join(import.meta.dirname, 'stub-worker.ts'),
  api: join(import.meta.dirname, 'stub-api.ts'),
};
const CACHE = join(import.meta.dirname, '../../.cache/test-engine');

/** Makes engines that are ended, and whose folders are removed, after each test (or after all) of the file or block. */
export function useTestEngines(
  until: 'each' | 'all' = 'each',
): (options?: { below?: string; environment?: Environment }) => TestEngine {
  let engines: { engine: TestEngine; folder: string }[] = [];
  // An engine is two servers and three Node processes: seconds on a quiet machine, much more beside other tests.
  vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });
  const after = until === 'each' ? afterEach : afterAll;
  after(async () => {
    const used = engines;
    engines = [];
    for (const { engine, folder } of used) {
      await engine.stop();
      rmSync(folder, { recursive: true, force: true });
    }
  });
  return (options = {}) => {
    const folder = mkdtempSync(join(realpathSync(tmpdir()), 'buildit-engine-'));
    const dataFolder = join(folder, options.below ?? '', 'data');
    const environment = { ...process.env, BUILDIT_CACHE: CACHE, ...options.environment };
    const engine: TestEngine = {
      dataFolder,
      environment,
      ensure: (overrides, version = 'own', supervisor = null) =>
        ensureEngine({
          dataFolder,
          environment,
          version,
          supervisor,
          overrides: { entries: ENTRIES, contentVersion: 'version-one', ...overrides },
        }),
      status: () => engineStatus({ dataFolder, environment }),
      stop: () => stopEngine({ dataFolder, environment }),
      async pidOf(role) {
        const status = await engine.status();
        if (status.kind !== 'running') return null;
        return status.file.processes.find((one) => one.role === role)?.pid ?? null;
      },
      say: (connection, message) => post(connection.socket, message),
    };
    engines.push({ engine, folder });
    return engine;
  };
}

/** Pids of processes whose command line holds `text`. */
export function findProcesses(text: string): number[] {
  return readdirSync('/proc')
    .map(Number)
    .filter((pid) => Number.isInteger(pid) && pid !== process.pid && readCommandLine(pid).includes(text));
}

function readCommandLine(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  } catch {
    return '';
  }
}

function post(socketPath: string, message: ChildMessage): Promise<void> {
  return new Promise((resolve, reject) => {
    const sent = request({ socketPath, method: 'POST', path: '/' }, (response) => {
      response.resume().on('end', resolve);
    });
    sent.on('error', reject);
    sent.end(JSON.stringify(message));
  });
}
