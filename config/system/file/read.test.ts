import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { renderDiagnostics } from '../../pipeline/render.ts';
import { listWords } from '../../pipeline/words.ts';
import { loadSettings } from '../load.ts';
import { listSettings, type Variable, VARIABLES } from '../variables.ts';
import { applySystemFile } from './apply.ts';
import { readSystemFile } from './read.ts';
import { FILE_SETTINGS, SYSTEM_FILE_WORD } from './words.ts';

const UPDATE = process.env['UPDATE_GOLDEN'] !== undefined;
const WHOLE = `system {
    multi-tenant #true
    public-url "https://ci.example"
    insecure-http #false
    trusted-proxies "10.0.0.0/8" "127.0.0.1"
    webhooks-private
    rate-limit reads=600 writes=60
    log-format "text"
    metrics "public"
    traces "http://collector:4318"
}
worker max-stages=8 host-id="build-1" host-lease="45s" heartbeat="4s" cache-gib=50 {
    queues "hosts"
    labels "gpu" "zone=eu"
}
temporal address="temporal:7233" namespace="ci" tls=#true tls-ca="/ca" tls-cert="/cert" tls-key="/key" api-key-file="/api" web="https://temporal.example.com"
executors {
    executor "docker" { endpoint "unix:///run/docker.sock"; box-image "busybox:1.36"; warm-boxes 4 }
    executor "process" { type "process" }
}
retention days=14 gb=50
secret-store "built-in" { master-key-file "/keys/master" }
artifact-store "local"
`;
const GIVEN = {
  BUILDIT_DATA: '/d',
  BUILDIT_INSTANCE: 'i',
  BUILDIT_CONTENT_VERSION: 'v',
  DATABASE_URL: 'postgres://db',
};

it('a file that says everything gives every variable it has a word for', () => {
  const { settings, diagnostics } = readSystemFile('system.kdl', WHOLE);
  expect(diagnostics).toEqual([]);
  expect(new Set(settings.map(({ variable }) => variable))).toEqual(
    new Set(FILE_SETTINGS.map(({ variable }) => variable)),
  );
  const file = readSystemFile('/etc/buildit/system.kdl', WHOLE);
  expect(loadSettings({ ...applySystemFile(GIVEN, file) })).toMatchObject({
    web: { publicUrl: 'https://ci.example', insecureHttp: false, trustedProxies: ['10.0.0.0/8', '127.0.0.1'] },
    webhooksPrivate: true,
    rateLimits: { reads: 600, writes: 60 },
    maxStages: 8,
    queues: ['hosts'],
    host: { id: 'build-1', leaseMs: 45_000, heartbeatMs: 4_000 },
    processExecutor: true,
    warmBoxes: 4,
    retention: { days: 14, bytes: 50e9 },
    temporal: { namespace: 'ci', tls: { ca: '/ca', client: { cert: '/cert', key: '/key' } } },
    masterKey: { kind: 'file', path: '/keys/master' },
  });
});

it('a variable goes before the file, and each value says where it is from', () => {
  const file = readSystemFile('/etc/buildit/system.kdl', WHOLE);
  const environment = applySystemFile({ ...GIVEN, BUILDIT_MAX_STAGES: '2' }, file);
  const facts = new Map(listSettings({ ...environment }).map((fact) => [fact.name, fact]));
  expect(facts.get('BUILDIT_MAX_STAGES')).toMatchObject({ value: '2', origin: 'environment', place: null });
  expect(facts.get('BUILDIT_PUBLIC_URL')).toMatchObject({ origin: 'file', place: '/etc/buildit/system.kdl:3' });
  expect(facts.get('BUILDIT_HOST_ID')).toMatchObject({ value: 'build-1', place: '/etc/buildit/system.kdl:12' });
  expect(facts.get('BUILDIT_MASTER_KEY')).toMatchObject({ origin: 'default', place: null });
});

it('every setting for people has a word, but for what no file may hold or all processes share', () => {
  const known = new Set<string>(FILE_SETTINGS.map(({ variable }) => variable));
  const without = VARIABLES.filter((one: Variable) => one.part !== 'process' && !known.has(one.name));
  expect(without.map(({ name }) => name)).toEqual([
    'BUILDIT_DATA',
    'DATABASE_URL',
    'TEMPORAL_API_KEY',
    'BUILDIT_MASTER_KEY',
  ]);
});

it('what is wrong is explained at its place', () => {
  const text = `system { multi-tenant #false; public-url "ci.example"; colour "blue" }
worker { max-stages 0; queues "stages"; host-lease "soon" }
temporal tls-cert="/cert"
executors {
    executor "kubernetes" { namespace "jobs" }
    executor "docker"
    executor "two" { type "docker" }
    executor "process" { warm-boxes 1 }
}
secret-store "vault"
policy-engine "opa"
`;
  const { diagnostics } = readSystemFile('system.kdl', text);
  expectGolden(
    'wrong.diagnostics.txt',
    renderDiagnostics(diagnostics, { texts: { 'system.kdl': text }, color: (_, shown) => shown }),
  );
});

it('every word of the file is in its reference, and nothing else', () => {
  const variables = new Map(FILE_SETTINGS.map(({ path, variable }) => [path, variable]));
  const rows = listWords(SYSTEM_FILE_WORD).map(({ path, word }) => {
    const variable = variables.get(path) ?? variables.get(path.replace('/executor/', '/docker/'));
    const values = word.args
      .map(({ name, choices }) => choices?.map((one) => `\`${one}\``).join(' ') ?? name)
      .join(' ');
    return `| \`${path.replaceAll('/', ' › ')}\` | ${values} | ${word.summary} | ${variable ? `\`${variable}\`` : ''} |`;
  });
  const url = new URL('../../../docs/system.md', import.meta.url);
  const page = readFileSync(url, 'utf8');
  const [before = '', after = ''] = page.split(/(?<=<!-- words -->\n)[\s\S]*(?=<!-- \/words -->)/);
  const head = '\n| word | values | meaning | variable |\n|---|---|---|---|\n';
  const wanted = `${before}${head}${rows.join('\n')}\n\n${after}`;
  if (UPDATE) writeFileSync(url, wanted);
  expect(readFileSync(url, 'utf8')).toBe(wanted);
});

function expectGolden(name: string, text: string): void {
  const url = new URL(`../testdata/${name}`, import.meta.url);
  mkdirSync(new URL('.', url), { recursive: true });
  if (UPDATE) writeFileSync(url, text);
  expect(readFileSync(url, 'utf8')).toBe(text);
}
