import { describe, expect, test } from 'vitest';
import { faultOf } from '#core/fault.ts';
import { digestSettings, findDifferentSettings } from './digest.ts';
import { loadSettings } from './load.ts';
import { isLoopback } from './loopback.ts';

const EXTERNAL = {
  BUILDIT_DATA: '/data',
  BUILDIT_INSTANCE: 'one',
  BUILDIT_CONTENT_VERSION: 'v',
  DATABASE_URL: 'postgres://ci:hidden@db/ci',
  TEMPORAL_ADDRESS: 'temporal:7233',
};
const EMBEDDED = { ...EXTERNAL, BUILDIT_SOCKET: '/run/a.sock', BUILDIT_TOKEN_FILE: '/data/token' };

function refusalOf(environment: NodeJS.ProcessEnv) {
  try {
    loadSettings(environment);
    return null;
  } catch (error) {
    return faultOf(error);
  }
}

describe('settings from the environment', () => {
  test('of a process of the embedded engine are those of one machine', () => {
    expect(loadSettings(EMBEDDED)).toMatchObject({
      engine: 'embedded',
      socket: { path: '/run/a.sock', tokenFile: '/data/token' },
      host: { id: 'one', leaseMs: 0 },
      temporal: { namespace: 'default', tls: null, apiKey: null },
      web: { listen: null, publicUrl: null, insecureHttp: false, trustedProxies: [] },
      masterKey: { kind: 'file', path: '/data/master.key' },
      processExecutor: false,
      maxStages: 64,
      retention: { days: 30, bytes: 10e9 },
      queues: ['control', 'hosts'],
      rateLimits: { reads: 1_200, writes: 120 },
    });
  });

  test('of a process without it have a lease on the host and no socket', () => {
    const settings = loadSettings({ ...EXTERNAL, BUILDIT_LISTEN: '[::1]:80', BUILDIT_QUEUES: 'hosts' });
    expect(settings).toMatchObject({
      engine: 'external',
      socket: null,
      host: { leaseMs: 30_000 },
      web: { listen: { host: '::1', port: 80 } },
      queues: ['hosts'],
    });
    expect(settings.host.id).not.toBe('');
  });

  test('end a process at a point only where a test says where its orders are', () => {
    const at = { BUILDIT_CRASH_AT: 'run-after-commit:1' };
    expect(loadSettings(EXTERNAL).crash).toBeNull();
    expect(refusalOf({ ...EXTERNAL, ...at })).toMatchObject({ code: 'setting-invalid' });
    expect(refusalOf({ ...EXTERNAL, BUILDIT_CRASH_AT: 'nowhere:1', BUILDIT_CRASH_FOLDER: '/crash' })?.message).toBe(
      'BUILDIT_CRASH_AT is "nowhere:1"',
    );
    expect(loadSettings({ ...EXTERNAL, ...at, BUILDIT_CRASH_FOLDER: '/crash' }).crash).toEqual({
      folder: '/crash',
      first: { point: 'run-after-commit', nth: 1, signal: 'SIGKILL' },
    });
  });

  test('name every absent variable at once', () => {
    expect(refusalOf({ BUILDIT_SOCKET: '/run/a.sock' })).toMatchObject({
      code: 'settings-missing',
      message:
        'the environment lacks BUILDIT_TOKEN_FILE, BUILDIT_DATA, BUILDIT_INSTANCE, BUILDIT_CONTENT_VERSION, DATABASE_URL, TEMPORAL_ADDRESS',
    });
  });

  test('name every wrong variable at once', () => {
    const refused = refusalOf({ ...EXTERNAL, BUILDIT_MAX_STAGES: 'many', BUILDIT_METRICS: 'all' });
    expect(refused).toMatchObject({ code: 'setting-invalid' });
    expect(refused?.message).toBe('BUILDIT_MAX_STAGES is "many"; BUILDIT_METRICS is "all"');
  });

  test.each([
    ['BUILDIT_PUBLIC_URL', 'ci.example.com'],
    ['BUILDIT_PUBLIC_URL', 'https://ci.example.com/below'],
    ['BUILDIT_LISTEN', '30080'],
    ['BUILDIT_LISTEN', '127.0.0.1:70000'],
    ['BUILDIT_LISTEN', '[127.0.0.1]:80'],
    ['BUILDIT_INSECURE_HTTP', 'yes'],
    ['BUILDIT_TRUSTED_PROXIES', '10.0.0.0/33'],
    ['BUILDIT_TRUSTED_PROXIES', 'proxy'],
    ['BUILDIT_MAX_STAGES', '0'],
    ['BUILDIT_HOST_LEASE', '30'],
    ['BUILDIT_RATE_LIMIT_READS', '1e3'],
    ['BUILDIT_LOG_FORMAT', 'xml'],
    ['BUILDIT_QUEUES', 'control,stages'],
    ['TEMPORAL_TLS', '1'],
  ])('%s is not %j', (name, value) => {
    expect(refusalOf({ ...EXTERNAL, [name]: value })).toMatchObject({ code: 'setting-invalid' });
  });

  test('a client certificate without its key, two sources of a key and an API key in clear are refused', () => {
    expect(refusalOf({ ...EXTERNAL, TEMPORAL_TLS_CERT: '/c' })).toMatchObject({ code: 'setting-invalid' });
    expect(refusalOf({ ...EXTERNAL, BUILDIT_MASTER_KEY: 'a', BUILDIT_MASTER_KEY_FILE: '/k' })).toMatchObject({
      code: 'setting-invalid',
    });
    expect(refusalOf({ ...EXTERNAL, TEMPORAL_API_KEY: 'a', TEMPORAL_TLS: 'off' })).toMatchObject({
      code: 'setting-invalid',
    });
  });

  test('a certificate or an API key turns TLS on', () => {
    expect(loadSettings({ ...EXTERNAL, TEMPORAL_API_KEY: 'a' }).temporal).toMatchObject({
      tls: { ca: null, client: null },
      apiKey: { kind: 'value', value: 'a' },
    });
    expect(loadSettings({ ...EXTERNAL, TEMPORAL_TLS: 'on' }).temporal.tls).toEqual({ ca: null, client: null });
    expect(
      loadSettings({ ...EXTERNAL, TEMPORAL_TLS_CA: '/ca', TEMPORAL_TLS_CERT: '/c', TEMPORAL_TLS_KEY: '/k' }).temporal
        .tls,
    ).toEqual({ ca: '/ca', client: { cert: '/c', key: '/k' } });
  });

  test('are shown with their origin, secrets without their value', () => {
    const { facts } = loadSettings({ ...EXTERNAL, BUILDIT_MASTER_KEY: 'hidden' });
    expect(JSON.stringify(facts)).not.toContain('hidden');
    expect(facts).toContainEqual({
      name: 'BUILDIT_MASTER_KEY',
      value: null,
      origin: 'environment',
      place: null,
      unset: 'the file',
    });
    expect(facts).toContainEqual({
      name: 'BUILDIT_MAX_STAGES',
      value: null,
      origin: 'default',
      place: null,
      unset: '64',
    });
  });
});

describe('settings of two servers', () => {
  test('differ in what is set otherwise, not in where the port or the database is', () => {
    const settings = loadSettings({ ...EMBEDDED, BUILDIT_PROCESS_EXECUTOR: 'on', BUILDIT_MAX_STAGES: '4' });
    const other = {
      BUILDIT_MAX_STAGES: '4',
      BUILDIT_MASTER_KEY: 'k',
      BUILDIT_PUBLIC_URL: 'https://a.example',
      DATABASE_URL: 'x',
    };
    expect(findDifferentSettings(settings, digestSettings(other))).toEqual([
      'BUILDIT_MASTER_KEY',
      'BUILDIT_PROCESS_EXECUTOR',
    ]);
  });
});

test.each([
  ['127.0.0.1', true],
  ['127.8.0.1', true],
  ['::1', true],
  ['0:0:0:0:0:0:0:1', true],
  ['localhost', true],
  ['0.0.0.0', false],
  ['::', false],
  ['10.0.0.1', false],
  ['::ffff:1', false],
  ['ci.example.com', false],
])('only this machine reaches %s: %s', (host, answer) => {
  expect(isLoopback(host)).toBe(answer);
});
