import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { INSTANCE_LABEL } from '#core/instance-label.ts';
import { checkLeftovers } from './leftovers.ts';

/** A home with a data folder in which no engine runs. */
async function makeHome(): Promise<string> {
  const home = await mkdtemp(join(tmpdir(), 'buildit-doctor-'));
  onTestFinished(() => rm(home, { recursive: true, force: true }));
  return home;
}

/** What answers on a daemon's socket; each container and volume has the labels. Answers `DOCKER_HOST`. */
async function startDaemon(home: string, things: readonly Record<string, string>[]): Promise<string> {
  const server = createServer((request, response) => {
    const listed = things.map((labels) => ({ Labels: labels }));
    response.end(JSON.stringify(request.url?.startsWith('/volumes') ? { Volumes: listed } : listed));
  });
  const socket = join(home, 'docker.sock');
  await new Promise<void>((resolve) => server.listen(socket, resolve));
  onTestFinished(() => new Promise((resolve) => server.close(() => resolve())));
  return `unix://${socket}`;
}

const check = (home: string, host: string) =>
  checkLeftovers({ HOME: home, BUILDIT_DATA: home, DOCKER_HOST: host, DOCKER_CONTEXT: undefined });

test('a daemon that has nothing is said to have nothing, others are counted', async () => {
  const home = await makeHome();
  expect(await check(home, await startDaemon(home, []))).toEqual({ ok: true, text: 'nothing in Docker' });
  const other = await makeHome();
  await writeFile(join(other, 'instance-id'), 'mine\n');
  const host = await startDaemon(other, [{ [INSTANCE_LABEL]: 'mine' }, { [INSTANCE_LABEL]: 'theirs-who-ever' }, {}]);
  expect((await check(other, host)).text).toBe(
    'in Docker this engine: 1 container, 1 volume, 1 network; engine theirs-w: 1 container, 1 volume, 1 network',
  );
});

test.each(['tcp://127.0.0.1:1', 'unix:///nowhere/docker.sock'])(
  'Docker at %s, which was not asked, is not said to have nothing',
  async (host) => {
    expect(await check(await makeHome(), host)).toEqual({
      ok: true,
      text: 'not counted: neither Docker nor an engine of this machine answers',
    });
  },
);
