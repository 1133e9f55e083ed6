import { readOrigins } from './origins.ts';

/** A variable of the environment that a server reads. */
export interface Variable {
  name: string;
  /** What holds when it is unset, as a person reads it; null when it must be set. */
  unset: string | null;
  /** Its value is never shown. */
  isSecret?: true;
  /**
   * `process`: given by whoever starts the process, not for people. `servers`: where Postgres and Temporal are, without
   * the embedded engine. `port`: of the port, which may open later than the process. None: whichever process needs it.
   */
  part?: 'process' | 'servers' | 'port';
}

/** Every variable that worker and API read. docs/server.md describes each (a test compares). */
export const VARIABLES = [
  { name: 'BUILDIT_INSTANCE', unset: null, part: 'process' },
  { name: 'BUILDIT_CONTENT_VERSION', unset: null, part: 'process' },
  { name: 'BUILDIT_SOCKET', unset: 'no socket: a process without the embedded engine', part: 'process' },
  { name: 'BUILDIT_TOKEN_FILE', unset: 'no socket', part: 'process' },
  { name: 'BUILDIT_LISTEN', unset: 'no port', part: 'process' },
  { name: 'BUILDIT_SETTING_ORIGINS', unset: 'nothing from a file', part: 'process' },
  { name: 'BUILDIT_CRASH_FOLDER', unset: 'nowhere: no test is at work', part: 'process' },
  { name: 'BUILDIT_CRASH_AT', unset: 'nowhere', part: 'process' },
  { name: 'BUILDIT_DATA', unset: null, part: 'servers' },
  { name: 'DATABASE_URL', unset: null, isSecret: true, part: 'servers' },
  { name: 'TEMPORAL_ADDRESS', unset: null, part: 'servers' },
  { name: 'TEMPORAL_NAMESPACE', unset: 'default', part: 'servers' },
  { name: 'TEMPORAL_TLS', unset: 'off, or on when one of the three files or an API key is given', part: 'servers' },
  { name: 'TEMPORAL_TLS_CA', unset: "the system's certificates", part: 'servers' },
  { name: 'TEMPORAL_TLS_CERT', unset: 'no client certificate', part: 'servers' },
  { name: 'TEMPORAL_TLS_KEY', unset: 'no client certificate', part: 'servers' },
  { name: 'TEMPORAL_API_KEY', unset: 'none', isSecret: true, part: 'servers' },
  { name: 'TEMPORAL_API_KEY_FILE', unset: 'none', part: 'servers' },
  { name: 'BUILDIT_TEMPORAL_WEB', unset: 'no links to it' },
  { name: 'BUILDIT_PUBLIC_URL', unset: 'the address of the port', part: 'port' },
  { name: 'BUILDIT_INSECURE_HTTP', unset: 'off', part: 'port' },
  { name: 'BUILDIT_TRUSTED_PROXIES', unset: 'none' },
  { name: 'BUILDIT_MASTER_KEY', unset: 'the file', isSecret: true },
  { name: 'BUILDIT_MASTER_KEY_FILE', unset: 'master.key in the data folder' },
  { name: 'BUILDIT_PROCESS_EXECUTOR', unset: 'off' },
  { name: 'BUILDIT_WEBHOOKS_PRIVATE', unset: 'off' },
  { name: 'BUILDIT_DOCKER_HOST', unset: 'DOCKER_HOST, else unix:///var/run/docker.sock' },
  { name: 'BUILDIT_BOX_IMAGE', unset: 'busybox:1.37' },
  { name: 'BUILDIT_MAX_STAGES', unset: '64' },
  { name: 'BUILDIT_WARM_BOXES', unset: '2; in the embedded engine 0' },
  { name: 'BUILDIT_CACHE_GIB', unset: '10' },
  { name: 'BUILDIT_RETENTION_DAYS', unset: '90; in the embedded engine 30' },
  { name: 'BUILDIT_RETENTION_GB', unset: '0, no limit; in the embedded engine 10' },
  { name: 'BUILDIT_QUEUES', unset: 'control,hosts' },
  { name: 'BUILDIT_HOST_ID', unset: 'the name of the machine; in the embedded engine its instance' },
  { name: 'BUILDIT_LABELS', unset: 'system and architecture alone' },
  { name: 'BUILDIT_HOST_LEASE', unset: '30s; in the embedded engine 0s' },
  { name: 'BUILDIT_HEARTBEAT', unset: '5s' },
  { name: 'BUILDIT_RATE_LIMIT_READS', unset: '1200' },
  { name: 'BUILDIT_RATE_LIMIT_WRITES', unset: '120' },
  { name: 'BUILDIT_LOG_FORMAT', unset: 'json' },
  { name: 'BUILDIT_METRICS', unset: 'operator' },
  { name: 'OTEL_EXPORTER_OTLP_ENDPOINT', unset: 'no traces' },
] as const satisfies readonly Variable[];

export type VariableName = (typeof VARIABLES)[number]['name'];

/** The effective value of one variable and where it is from: what a person who runs the server is shown. */
export interface SettingFact {
  name: VariableName;
  /** As written; null when it is unset or a secret. */
  value: string | null;
  origin: 'environment' | 'file' | 'default';
  /** `FILE:LINE` of one from a file. */
  place: string | null;
  /** What holds when it is unset. */
  unset: string | null;
}

/** Every variable with its value and origin, in the order of {@link VARIABLES}. */
export function listSettings(environment: NodeJS.ProcessEnv): SettingFact[] {
  const places = readOrigins(environment);
  return VARIABLES.map((variable: Variable) => {
    const written = environment[variable.name] || null;
    const place = places[variable.name] ?? null;
    return {
      name: variable.name as VariableName,
      value: variable.isSecret ? null : written,
      origin: written === null ? 'default' : place === null ? 'environment' : 'file',
      place: written === null ? null : place,
      unset: variable.unset,
    };
  });
}
