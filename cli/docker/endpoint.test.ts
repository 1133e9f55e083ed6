import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { resolveDockerEndpoint } from './endpoint.ts';
import { pingDocker } from './ping.ts';

let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'cli-docker-'));
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

function writeContext(name: string, host: string): void {
  const id = createHash('sha256').update(name).digest('hex');
  mkdirSync(join(home, '.docker/contexts/meta', id), { recursive: true });
  writeFileSync(
    join(home, '.docker/contexts/meta', id, 'meta.json'),
    JSON.stringify({ Endpoints: { docker: { Host: host } } }),
  );
}

test('DOCKER_HOST wins over everything', () => {
  expect(resolveDockerEndpoint({ DOCKER_HOST: 'tcp://10.0.0.1:2375' }, home).endpoint).toBe('tcp://10.0.0.1:2375');
});

test('the current docker context is taken from the files of the docker command', () => {
  writeContext('colima', 'unix:///home/ann/.colima/docker.sock');
  writeFileSync(join(home, '.docker/config.json'), JSON.stringify({ currentContext: 'colima' }));
  expect(resolveDockerEndpoint({}, home)).toEqual({
    endpoint: 'unix:///home/ann/.colima/docker.sock',
    origin: 'docker context colima',
  });
});

test('DOCKER_CONTEXT names another context than the current one', () => {
  writeContext('far', 'tcp://far:2375');
  expect(resolveDockerEndpoint({ DOCKER_CONTEXT: 'far' }, home).endpoint).toBe('tcp://far:2375');
});

test('a context without an endpoint is a fault, not a silent default', () => {
  expect(() => resolveDockerEndpoint({ DOCKER_CONTEXT: 'gone' }, home)).toThrow('"gone" has no endpoint');
});

test('without a context it is a socket', () => {
  expect(resolveDockerEndpoint({}, home).endpoint).toMatch(/^unix:\/\/.*docker\.sock$/);
});

test('a socket that is not there is named by its cause', async () => {
  expect(await pingDocker(`unix://${home}/none.sock`)).toBe('connect ENOENT');
});

test('a daemon that answers 200 is there', async () => {
  const server = createServer((_request, response) => response.end('OK'));
  const path = join(home, 'd.sock');
  await new Promise<void>((resolve) => server.listen(path, resolve));
  expect(await pingDocker(`unix://${path}`)).toBeNull();
  server.close();
});
