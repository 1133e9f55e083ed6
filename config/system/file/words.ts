import { many, one, optional, word, type Word } from '../../pipeline/word.ts';
import type { VariableName } from '../variables.ts';

/** How a value of the file is written into its variable. */
type Form = 'text' | 'flag' | 'list';

/** A setting of the file: where it stands, and the variable it is the same as. */
export interface FileSetting {
  /** `system/public-url`; `executors/docker/endpoint` for what stands in the node that is named so. */
  path: string;
  variable: VariableName;
  form: Form;
}

const flag = [optional('on', 'boolean')] as const;
const text = (summary: string, name = 'value') => word(summary, one(name));
const count = (summary: string) => word(summary, one('count', 'integer'));

const system = word('The server as a whole.', [], {
  words: {
    'multi-tenant': word('A server has organizations and workspaces; only #true can be said.', flag),
    'public-url': text('Where people reach the server.', 'url'),
    'insecure-http': word('Plain http on an address that others reach.', flag),
    'trusted-proxies': word('Proxies whose X-Forwarded-For is believed.', many('network')),
    'webhooks-private': word('Whether webhooks may go to private addresses.', flag),
    'rate-limit': word('Requests a minute and caller.', [], {
      words: { reads: count('Reads; default 1,200.'), writes: count('Writes; default 120.') },
    }),
    'log-format': word('Of the log of requests; default json.', one('format', 'string', ['json', 'text'])),
    metrics: word('Who may read /metrics; default operator.', one('who', 'string', ['operator', 'public'])),
    traces: text('Where traces go, OTLP over http.', 'url'),
  },
});

const worker = word('The machines that run stages.', [], {
  words: {
    'max-stages': count('Stages at once on a worker; default 64.'),
    queues: word('What it takes: control, hosts; default both.', many('queue')),
    labels: word('Labels beside system and architecture, for runs-on.', many('label')),
    'host-id': text('Name of the host; default the name of the machine.', 'name'),
    'host-lease': text('How long a host that is silent keeps its runs; default 30s.', 'duration'),
    heartbeat: text('Silence after which a worker is taken for dead; the same for all, default 5s.', 'duration'),
    'cache-gib': count('Space of the unpacked caches of a host, GiB; default 10.'),
  },
});

const temporal = word('The Temporal server, where it is not the embedded one.', [], {
  words: {
    address: text('host:port.', 'address'),
    namespace: text('Default: default.', 'name'),
    tls: word('Whether TLS is used; by itself when a file or an API key is given.', flag),
    'tls-ca': text('File of the certificates that are trusted.', 'path'),
    'tls-cert': text('File of the client certificate.', 'path'),
    'tls-key': text('File of its key.', 'path'),
    'api-key-file': text('File with the API key.', 'path'),
    web: text('Where operators find its own web interface.', 'url'),
  },
});

/** Ways to run stages that this build has. */
export const EXECUTOR_TYPES: readonly string[] = ['docker', 'process'];

const executor = word('A way to run stages.', one('name'), {
  repeat: 'many',
  words: {
    type: word('docker or process; default its name.', one('type', 'string', EXECUTOR_TYPES)),
    endpoint: text('Where Docker answers.', 'url'),
    'box-image': text("Image of BuildIt's own containers.", 'reference'),
    'warm-boxes': count('Sandboxes that wait for runs.'),
  },
});

const retention = word('How long logs, artifacts and sources of ended runs are kept; their rows stay.', [], {
  words: {
    days: count('From the end of a run on, unless its workspace says otherwise; default 90, on one machine 30.'),
    gb: count('What logs and artifacts may hold, GB; 0 is no limit. Default 0, on one machine 10.'),
  },
});

const secretStore = word('Where named secrets are: built-in.', one('kind', 'string', ['built-in']), {
  words: { 'master-key-file': text('File of the master key; default master.key in the data folder.', 'path') },
});

const artifactStore = word('Where artifacts, logs and caches are: local.', one('kind', 'string', ['local']));

/** All a system file may say (LANGUAGE §10, as far as this build has it). */
export const SYSTEM_FILE_WORD: Word = word('A system file.', [], {
  words: {
    system,
    worker,
    temporal,
    executors: word('The ways to run stages.', [], { words: { executor } }),
    retention,
    'secret-store': secretStore,
    'artifact-store': artifactStore,
  },
});

const setting = (path: string, variable: VariableName, form: Form = 'text'): FileSetting => ({ path, variable, form });

/** Every setting of the file, with the variable that says the same. */
export const FILE_SETTINGS: readonly FileSetting[] = [
  setting('system/public-url', 'BUILDIT_PUBLIC_URL'),
  setting('system/insecure-http', 'BUILDIT_INSECURE_HTTP', 'flag'),
  setting('system/trusted-proxies', 'BUILDIT_TRUSTED_PROXIES', 'list'),
  setting('system/webhooks-private', 'BUILDIT_WEBHOOKS_PRIVATE', 'flag'),
  setting('system/rate-limit/reads', 'BUILDIT_RATE_LIMIT_READS'),
  setting('system/rate-limit/writes', 'BUILDIT_RATE_LIMIT_WRITES'),
  setting('system/log-format', 'BUILDIT_LOG_FORMAT'),
  setting('system/metrics', 'BUILDIT_METRICS'),
  setting('system/traces', 'OTEL_EXPORTER_OTLP_ENDPOINT'),
  setting('worker/max-stages', 'BUILDIT_MAX_STAGES'),
  setting('worker/queues', 'BUILDIT_QUEUES', 'list'),
  setting('worker/labels', 'BUILDIT_LABELS', 'list'),
  setting('worker/host-id', 'BUILDIT_HOST_ID'),
  setting('worker/host-lease', 'BUILDIT_HOST_LEASE'),
  setting('worker/heartbeat', 'BUILDIT_HEARTBEAT'),
  setting('worker/cache-gib', 'BUILDIT_CACHE_GIB'),
  setting('temporal/address', 'TEMPORAL_ADDRESS'),
  setting('temporal/namespace', 'TEMPORAL_NAMESPACE'),
  setting('temporal/tls', 'TEMPORAL_TLS', 'flag'),
  setting('temporal/tls-ca', 'TEMPORAL_TLS_CA'),
  setting('temporal/tls-cert', 'TEMPORAL_TLS_CERT'),
  setting('temporal/tls-key', 'TEMPORAL_TLS_KEY'),
  setting('temporal/api-key-file', 'TEMPORAL_API_KEY_FILE'),
  setting('temporal/web', 'BUILDIT_TEMPORAL_WEB'),
  setting('executors/docker/endpoint', 'BUILDIT_DOCKER_HOST'),
  setting('executors/docker/box-image', 'BUILDIT_BOX_IMAGE'),
  setting('executors/docker/warm-boxes', 'BUILDIT_WARM_BOXES'),
  setting('executors/process', 'BUILDIT_PROCESS_EXECUTOR', 'flag'),
  setting('retention/days', 'BUILDIT_RETENTION_DAYS'),
  setting('retention/gb', 'BUILDIT_RETENTION_GB'),
  setting('secret-store/master-key-file', 'BUILDIT_MASTER_KEY_FILE'),
];
