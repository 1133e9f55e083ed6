import type { Retention } from '#core/leftovers.ts';
import type { CrashSettings } from './arm-crash.ts';
import type { SettingFact } from './variables.ts';

/** Settings of a worker or an API process. */
export interface Settings {
  /** `embedded`: started by the supervisor of one machine; `external`: against a Postgres and a Temporal elsewhere. */
  engine: 'embedded' | 'external';
  /** Folder of objects, snapshots, secrets and process states. */
  dataFolder: string;
  /** Label of what we create in a runtime (ENGINE 17). */
  instanceId: string;
  /** Unix socket the API listens on; in the embedded engine alone. */
  socket: SocketSettings | null;
  contentVersion: string;
  databaseUrl: string;
  temporal: TemporalSettings;
  /** Where operators find Temporal's own web interface, without a slash at the end; null shows no way to it. */
  temporalWeb: string | null;
  web: WebSettings;
  /** Key that wraps the keys of organizations. */
  masterKey: SecretSource;
  /** Whether stages of server runs may execute without isolation, as the account of the worker (ENGINE 21). */
  processExecutor: boolean;
  /** Whether webhooks may go to addresses of this machine and its networks. */
  webhooksPrivate: boolean;
  /** Docker of server runs; a local run brings its own (ENGINE 16). */
  dockerEndpoint: string;
  /** Small image of our own containers in Docker (ENGINE 18). */
  boxImage: string;
  /** Containers of our own that run already and wait for a run, on each Docker host. */
  warmBoxes: number;
  /** What the caches of a workspace may hold; as much is kept unpacked on each Docker host. */
  cacheBytes: number;
  /** How long what runs left is kept. */
  retention: Retention;
  /** Stages that execute in one worker at once. */
  maxStages: number;
  /** What a worker takes: workflows with what belongs to our database, stages of runs on its machine. */
  queues: readonly WorkerQueue[];
  host: HostSettings;
  rateLimits: RateLimits;
  logFormat: 'json' | 'text';
  /** Who may read `/metrics`: operators with a token, or everybody who reaches the port. */
  metrics: 'operator' | 'public';
  /** Where traces go (OTLP over http); null sends none and loads nothing. */
  tracesEndpoint: string | null;
  /** Where a test wants this process to end; null for everybody else. */
  crash: CrashSettings | null;
  /** Each variable with its value and origin; secrets without a value. */
  facts: readonly SettingFact[];
  /** Of the variables that make this server what it is (digest.ts). */
  digests: Readonly<Record<string, string>>;
}

export interface SocketSettings {
  path: string;
  /** File with the bearer token of every request. */
  tokenFile: string;
}

/** How the Temporal server is reached. */
export interface TemporalSettings {
  address: string;
  namespace: string;
  /** Paths of PEM files; null is a connection in clear. */
  tls: TlsFiles | null;
  apiKey: SecretSource | null;
}

/** Null is what the system has: its certificates, no client certificate. */
export interface TlsFiles {
  ca: string | null;
  client: { cert: string; key: string } | null;
}

/** A secret by its value or by the file that holds it, which is read at use. */
export type SecretSource = { kind: 'value'; value: string } | { kind: 'file'; path: string };

/** The port and how people reach it. */
export interface WebSettings {
  /** Port to open at once; null waits until somebody asks for one. */
  listen: { host: string; port: number } | null;
  /** Without a slash at the end; null is the address of the port. */
  publicUrl: string | null;
  /** Plain http beyond the loopback is wanted (ENGINE 20). */
  insecureHttp: boolean;
  /** Addresses and networks whose `X-Forwarded-For` is believed. */
  trustedProxies: readonly string[];
}

export const WORKER_QUEUES = ['control', 'hosts'] as const;
export type WorkerQueue = (typeof WORKER_QUEUES)[number];

/** The machine as far as runs are tied to it. */
export interface HostSettings {
  /** One a Docker daemon or process folder: stages of a run that was claimed by it stay with it. */
  id: string;
  /** How long a claim holds without a renewal; 0 for ever: one machine that owns its queue. */
  leaseMs: number;
  /** A worker that gives no sign of life for this long is taken for dead, and another goes on with its stages. */
  heartbeatMs: number;
  /** What `runs-on` asks for: system, architecture, and what the operator says of it. */
  labels: readonly string[];
}

/** Requests a minute of one caller. */
export interface RateLimits {
  reads: number;
  writes: number;
}
