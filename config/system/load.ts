import { hostname } from 'node:os';
import { join } from 'node:path';
import { HEARTBEAT_MS } from '#core/heartbeat.ts';
import type { Retention } from '#core/leftovers.ts';
import { listMachineLabels } from '#core/runner.ts';
import { type CrashSettings, parseCrashOrder } from './arm-crash.ts';
import { digestSettings } from './digest.ts';
import { type Reader, readVariables } from './reader.ts';
import {
  type SecretSource,
  type Settings,
  type SocketSettings,
  type TemporalSettings,
  type TlsFiles,
  WORKER_QUEUES,
} from './settings.ts';
import { listSettings } from './variables.ts';

const BOX_IMAGE = 'busybox:1.37';
const DOCKER_ENDPOINT = 'unix:///var/run/docker.sock';
/** As many as a machine of the embedded engine has ever run in a test without losing heartbeats. */
const MAX_STAGES = 64;
const WARM_BOXES = 2;
const CACHE_GIB = 10;
/** A laptop's disk is small and its runs are soon forgotten. */
const RETENTION = { embedded: { days: 30, gb: 10 }, external: { days: 90, gb: 0 } };
const HOST_LEASE_MS = 30_000;
const READS_A_MINUTE = 1_200;
const WRITES_A_MINUTE = 120;

/**
 * The one place that reads the environment. Throws the fault `settings-missing` that names every variable that is
 * absent, or `setting-invalid` with every one that is wrong: not only the first.
 */
export function loadSettings(environment: NodeJS.ProcessEnv = process.env): Settings {
  const read = readVariables(environment);
  const socket = readSocket(read);
  const engine = socket === null ? 'external' : 'embedded';
  const dataFolder = read.required('BUILDIT_DATA');
  const instanceId = read.required('BUILDIT_INSTANCE');
  const settings: Settings = {
    engine,
    dataFolder,
    instanceId,
    socket,
    contentVersion: read.required('BUILDIT_CONTENT_VERSION'),
    databaseUrl: read.required('DATABASE_URL'),
    temporal: readTemporal(read),
    temporalWeb: read.url('BUILDIT_TEMPORAL_WEB'),
    web: {
      listen: read.listen('BUILDIT_LISTEN'),
      publicUrl: read.url('BUILDIT_PUBLIC_URL'),
      insecureHttp: read.isOn('BUILDIT_INSECURE_HTTP') ?? false,
      trustedProxies: read.networks('BUILDIT_TRUSTED_PROXIES'),
    },
    masterKey: readSecret(read, 'BUILDIT_MASTER_KEY', 'BUILDIT_MASTER_KEY_FILE') ?? {
      kind: 'file',
      path: join(dataFolder, 'master.key'),
    },
    processExecutor: read.isOn('BUILDIT_PROCESS_EXECUTOR') ?? false,
    webhooksPrivate: read.isOn('BUILDIT_WEBHOOKS_PRIVATE') ?? false,
    dockerEndpoint: read.text('BUILDIT_DOCKER_HOST') ?? (environment['DOCKER_HOST'] || DOCKER_ENDPOINT),
    boxImage: read.text('BUILDIT_BOX_IMAGE') ?? BOX_IMAGE,
    maxStages: read.count('BUILDIT_MAX_STAGES', MAX_STAGES),
    warmBoxes: read.amount('BUILDIT_WARM_BOXES', engine === 'embedded' ? 0 : WARM_BOXES),
    cacheBytes: read.count('BUILDIT_CACHE_GIB', CACHE_GIB) * 2 ** 30,
    retention: readRetention(read, engine),
    queues: read.choices('BUILDIT_QUEUES', WORKER_QUEUES),
    host: {
      id: read.text('BUILDIT_HOST_ID') ?? (engine === 'embedded' ? instanceId : hostname()),
      leaseMs: read.duration('BUILDIT_HOST_LEASE', engine === 'embedded' ? 0 : HOST_LEASE_MS),
      heartbeatMs: read.duration('BUILDIT_HEARTBEAT', HEARTBEAT_MS),
      labels: [...new Set([...listMachineLabels(process.platform, process.arch), ...read.labels('BUILDIT_LABELS')])],
    },
    rateLimits: {
      reads: read.count('BUILDIT_RATE_LIMIT_READS', READS_A_MINUTE),
      writes: read.count('BUILDIT_RATE_LIMIT_WRITES', WRITES_A_MINUTE),
    },
    logFormat: read.choice('BUILDIT_LOG_FORMAT', ['json', 'text'], 'json'),
    metrics: read.choice('BUILDIT_METRICS', ['operator', 'public'], 'operator'),
    tracesEndpoint: read.text('OTEL_EXPORTER_OTLP_ENDPOINT'),
    crash: readCrash(read),
    facts: listSettings(environment),
    digests: digestSettings(environment),
  };
  read.finish();
  return settings;
}

function readRetention(read: Reader, engine: Settings['engine']): Retention {
  const unset = RETENTION[engine];
  const gb = read.amount('BUILDIT_RETENTION_GB', unset.gb);
  return { days: read.count('BUILDIT_RETENTION_DAYS', unset.days), bytes: gb === 0 ? null : gb * 1e9 };
}

/** What of the settings a process needs that is none of worker and API. Throws as {@link loadSettings}. */
export function loadCrashSettings(environment: NodeJS.ProcessEnv): CrashSettings | null {
  const read = readVariables(environment);
  const crash = readCrash(read);
  read.finish();
  return crash;
}

/** A process ends itself for nobody who has not also said where the test keeps its orders. */
function readCrash(read: Reader): CrashSettings | null {
  const folder = read.text('BUILDIT_CRASH_FOLDER');
  const at = read.text('BUILDIT_CRASH_AT');
  if (at === null) return folder === null ? null : { folder, first: null };
  if (folder === null) {
    read.refuse('BUILDIT_CRASH_AT is set', 'unset BUILDIT_CRASH_AT: it ends processes and is for tests alone');
    return null;
  }
  const first = parseCrashOrder(at);
  if (first === null)
    read.refuse(`BUILDIT_CRASH_AT is "${at}"`, 'write POINT:NTH or POINT:NTH:term, a point of core/crash-point.ts');
  return { folder, first };
}

function readSocket(read: Reader): SocketSettings | null {
  const path = read.text('BUILDIT_SOCKET');
  return path === null ? null : { path, tokenFile: read.required('BUILDIT_TOKEN_FILE') };
}

/** How the Temporal server is reached; `doctor` and `server` read it by themselves. */
function readTemporal(read: Reader): TemporalSettings {
  const apiKey = readSecret(read, 'TEMPORAL_API_KEY', 'TEMPORAL_API_KEY_FILE');
  return {
    address: read.required('TEMPORAL_ADDRESS'),
    namespace: read.text('TEMPORAL_NAMESPACE') ?? 'default',
    tls: readTls(read, apiKey !== null),
    apiKey,
  };
}

function readTls(read: Reader, hasApiKey: boolean): TlsFiles | null {
  const ca = read.text('TEMPORAL_TLS_CA');
  const cert = read.text('TEMPORAL_TLS_CERT');
  const key = read.text('TEMPORAL_TLS_KEY');
  if ((cert === null) !== (key === null)) {
    read.refuse(
      'one of TEMPORAL_TLS_CERT and TEMPORAL_TLS_KEY is set alone',
      'set both, or neither: a client certificate is of no use without its key',
    );
  }
  const isWanted = ca !== null || cert !== null || hasApiKey;
  const isOn = read.isOn('TEMPORAL_TLS');
  if (isOn === false && isWanted) {
    read.refuse('TEMPORAL_TLS is off, but certificates or an API key are given', 'leave TEMPORAL_TLS out');
  }
  if (!(isOn ?? isWanted)) return null;
  return { ca, client: cert !== null && key !== null ? { cert, key } : null };
}

function readSecret(
  read: Reader,
  valueName: 'BUILDIT_MASTER_KEY' | 'TEMPORAL_API_KEY',
  fileName: 'BUILDIT_MASTER_KEY_FILE' | 'TEMPORAL_API_KEY_FILE',
): SecretSource | null {
  const value = read.text(valueName);
  const path = read.text(fileName);
  if (value !== null && path !== null) {
    read.refuse(`${valueName} and ${fileName} are both set`, `unset one of ${valueName} and ${fileName}`);
  }
  if (value !== null) return { kind: 'value', value };
  return path === null ? null : { kind: 'file', path };
}
