import { execFileSync } from 'node:child_process';
import { randomBytes, randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Connection, Client } from '@temporalio/client';
import { createClient, type ApiClient } from '#api/client/client.ts';
import { problemOf } from '#api/client/problem.ts';
import { CRASH_POINTS, type CrashPoint } from '#core/crash-point.ts';
import type { RunObject } from '#core/rest.ts';
import { type Database, openDatabase } from '#db/client.ts';
import { listNodeFlags } from '#engine/node-flags.ts';
import { ensureBundle } from '#temporal/bundle.ts';
import { startPostgres, type TestPostgres } from '../env/postgres.ts';
import { type DockerRecorder, recordDocker } from './docker-recorder.ts';
import { keepProcess, type KeptProcess } from './kept-process.ts';
import { type LabClock, openLabClock } from './lab-clock.ts';
import { type LabStore, openLabStore } from './lab-store.ts';
import { startLabTemporal, type LabTemporal } from './lab-temporal.ts';

/** Takes the part of a supervisor: the product's own processes, each of which may die at any time. */
export interface Lab {
  /** Where runs have their workspace, in place; the ledger is here. */
  folder: string;
  dataFolder: string;
  instance: string;
  client: ApiClient;
  database: Database;
  temporal: LabTemporal;
  /** Of the same server, for what the product does not tell. */
  workflows: Client;
  postgres: TestPostgres;
  docker: DockerRecorder;
  clock: LabClock;
  store: LabStore;
  api: KeptProcess;
  /** Workers by what they take: `control`, or the label of their host (`runs-on "LABEL"`). */
  workers: Readonly<Record<string, readonly KeptProcess[]>>;
  /** Ends the process that comes to the point the nth time; `host` says which, where it is one of these. */
  arm(point: CrashPoint, how: { nth?: number; term?: boolean; host?: string }): void;
  /** Whether the process was ended there. */
  isSpent(point: CrashPoint, host?: string): boolean;
  /** Asks with one idempotency key until it is answered, whoever dies meanwhile. */
  start(text: string): Promise<RunObject>;
  /** The run once it has ended. */
  awaitEnd(runId: string): Promise<RunObject>;
  dispose(): Promise<void>;
}

export interface LabOptions {
  /** Labels of the hosts that run stages. */
  hosts: readonly string[];
  /** Of each host and of the workflows: while one dies the other goes on. */
  workersEach: number;
  /** `unix:///…`; the machine's own unless given. */
  dockerEndpoint?: string;
  /** Further ones of the product's processes. */
  environment?: NodeJS.ProcessEnv;
}

const HOME = resolve(import.meta.dirname, '../..');
const DOCKER = 'unix:///var/run/docker.sock';
const LOOK_MS = 50;
/** Of the output of each part of a stage. */
const BLOB_BYTES = 20_000;

export async function openLab(options: LabOptions): Promise<Lab> {
  const root = mkdtempSync(join(tmpdir(), 'buildit-lab-'));
  const at = (...names: string[]) => join(root, ...names);
  const [folder, dataFolder] = [at('project'), at('data')];
  for (const path of [folder, join(folder, 'said'), dataFolder, at('logs')]) mkdirSync(path, { mode: 0o700 });
  for (const name of ['ledger', 'lab.kdl']) writeFileSync(join(folder, name), '');
  // Every byte value is in it, and it does not end a line.
  const bytes = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte));
  writeFileSync(join(folder, 'blob'), Buffer.concat([bytes, randomBytes(BLOB_BYTES), Buffer.from('.')]));
  const token = randomUUID();
  const tokenFile = at('token');
  writeFileSync(tokenFile, token, { mode: 0o600 });
  const instance = randomUUID();
  const clock = openLabClock(at('clock'));
  const store = openLabStore(dataFolder);
  const [postgres, temporal] = await Promise.all([startPostgres(), startLabTemporal(root), ensureBundle()]);
  const databaseUrl = await postgres.createDatabase();
  const socketPath = at('api.sock');
  const crashFolder = (name: string) => at('crash', name);

  const keep = (name: string, role: 'api' | 'worker', environment: NodeJS.ProcessEnv): KeptProcess => {
    const entry = join(HOME, role === 'api' ? 'api/main.ts' : 'temporal/main.ts');
    return keepProcess({
      name,
      args: [...listNodeFlags(role, entry), entry],
      logFile: at('logs', `${name}.log`),
      environment: {
        ...{ PATH: process.env['PATH'], HOME: process.env['HOME'], TMPDIR: process.env['TMPDIR'] },
        ...{ BUILDIT_DATA: dataFolder, BUILDIT_INSTANCE: instance, BUILDIT_CONTENT_VERSION: 'lab' },
        ...{ BUILDIT_SOCKET: socketPath, BUILDIT_TOKEN_FILE: tokenFile, BUILDIT_HEARTBEAT: '1s' },
        ...{ DATABASE_URL: databaseUrl, TEMPORAL_ADDRESS: temporal.address, TEMPORAL_NAMESPACE: 'default' },
        ...{ BUILDIT_RATE_LIMIT_READS: '1000000', BUILDIT_RATE_LIMIT_WRITES: '1000000' },
        BUILDIT_CRASH_FOLDER: crashFolder(name),
        ...clock.environment,
        ...options.environment,
        ...environment,
      },
    });
  };
  const api = keep('api', 'api', {});
  const keepWorkers = (label: string, environment: NodeJS.ProcessEnv) =>
    Array.from({ length: options.workersEach }, (_, index) =>
      keep(`${label}-${index + 1}`, 'worker', { BUILDIT_CRASH_FOLDER: crashFolder(label), ...environment }),
    );
  const hosts = options.hosts.map((label) => {
    const environment = { BUILDIT_QUEUES: 'hosts', BUILDIT_HOST_ID: label, BUILDIT_LABELS: label };
    return [label, keepWorkers(label, environment)] as const;
  });
  const workers = Object.fromEntries([['control', keepWorkers('control', { BUILDIT_QUEUES: 'control' })], ...hosts]);
  const kept = [api, ...Object.values(workers).flat()];
  const docker = recordDocker(instance, at('docker-events'));
  await Promise.all(kept.map((each) => each.ready()));
  const connection = await Connection.connect({ address: temporal.address });
  const database = openDatabase(databaseUrl);
  const client = createClient({ socketPath, token });

  const orderFile = (point: CrashPoint, host: string | undefined) => {
    const role = CRASH_POINTS[point];
    if (role === 'supervisor') throw new Error(`${point} is none of the lab's: it is its own supervisor`);
    return join(crashFolder(role === 'host' ? (host ?? options.hosts[0] ?? '') : role), point);
  };
  /** Whatever it asks for: the API may be gone for a moment. */
  const insist = async <Answer>(ask: () => Promise<Answer>): Promise<Answer> => {
    for (;;) {
      try {
        return await ask();
      } catch (error) {
        if ((problemOf(error)?.status ?? 500) < 500) throw error;
        await pause(LOOK_MS);
      }
    }
  };

  return {
    ...{ folder, dataFolder, instance, client, database, temporal, postgres, docker, clock, store, api, workers },
    workflows: new Client({ connection }),
    arm(point, { nth = 1, term = false, host }) {
      const file = orderFile(point, host);
      rmSync(`${file}.spent`, { force: true });
      writeFileSync(file, `${point}:${nth}${term ? ':term' : ''}`);
    },
    isSpent: (point, host) => existsSync(`${orderFile(point, host)}.spent`),
    start(text) {
      const key = randomUUID();
      return insist(() =>
        client.startRun(
          {
            ...{ file: join(folder, 'lab.kdl'), text, root: folder, params: {}, envFile: {}, executor: null },
            ...{ environment: { PATH: process.env['PATH'] ?? '', HOME: folder }, stages: [], maxParallel: null },
            ...{ docker: { endpoint: options.dockerEndpoint ?? DOCKER }, inPlace: true, git: false },
            ...{ debug: null, secretFile: null, secrets: {} },
          },
          key,
        ),
      );
    },
    async awaitEnd(runId) {
      for (;;) {
        const run = await insist(() => client.getRun(runId));
        if (run.status.kind === 'ended') return run;
        await pause(LOOK_MS);
      }
    },
    async dispose() {
      client.close();
      await Promise.all(kept.map((each) => each.stop()));
      await Promise.all([docker.stop(), database.end({ timeout: 1 }), connection.close()]);
      await Promise.all([postgres.stop(), temporal.stop()]);
      removeCaches(instance);
      store.dispose();
      rmSync(root, { recursive: true, force: true });
    },
  };
}

/** Unpacked caches are kept on a daemon for the next run; after a test there is none. */
function removeCaches(instance: string): void {
  const filter = `label=buildit.instance=${instance}`;
  const listed = execFileSync('docker', ['volume', 'ls', '-q', '--filter', filter], { encoding: 'utf8' });
  const names = listed.split('\n').filter(Boolean);
  if (names.length > 0) execFileSync('docker', ['volume', 'rm', '--force', ...names]);
}
