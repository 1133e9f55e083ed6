import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { getPriority } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { describeWith } from '../env/describe-with.ts';
import { openProduct, type Product, type Running } from './product.ts';

/** A state is waited for at most this long; the machine may be busy with other tests. */
const SOON = { timeout: 30_000, interval: 50 };

describeWith(['temporal'], 'the server on one machine', () => {
  let product: Product;
  const started: Running[] = [];
  const startServer = (...options: string[]) => {
    const server = product.start('server', ...options);
    started.push(server);
    return server;
  };
  /** What the command says of itself: one object. */
  const readUrl = async (server: Running) => {
    await server.shows('"url"');
    return (JSON.parse(server.output().stdout) as { url: string }).url;
  };
  const readHealth = async (url: string) => {
    const answer = await fetch(`${url}/health`).catch(() => null);
    return answer?.status ?? null;
  };

  beforeAll(() => {
    product = openProduct();
  });
  afterEach(async () => {
    for (const server of started.splice(0)) {
      server.process.kill('SIGTERM');
      await server.ended;
    }
  });
  afterAll(() => product.dispose());

  test('opens a port of the loopback, names it to a second one, and takes the engine along when it ends', async () => {
    const server = startServer('--port', '0', '-o', 'json');
    const url = await readUrl(server);
    expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    expect(await readHealth(url)).toBe(200);
    const second = await product.run('server', '--port', '0');
    expect(second).toMatchObject({ code: 9, stdout: '' });
    expect(second.stderr).toContain(url);
    const engine = JSON.parse(readFileSync(join(dataFolder(), 'engine.json'), 'utf8')) as { port: string };
    expect(engine.port).toBe(url);

    server.process.kill('SIGTERM');
    expect((await server.ended).code).toBe(0);
    expect(await readHealth(url)).toBeNull();
    expect(await product.processes()).toEqual([]);
  });

  test('answers people before it works: worker and Temporal step back once a port is open', async () => {
    await product.run('runs', 'list');
    const usual = getPriority();
    expect(await readPriorities()).toEqual({ api: usual, postgres: usual, temporal: usual, worker: usual });
    await readUrl(startServer('--port', '0', '-o', 'json'));
    await expect.poll(readPriorities, SOON).toEqual({ api: usual, postgres: usual, temporal: 10, worker: 10 });
  });

  test('says which port it took when the usual one is taken, and takes no other than the one it was told', async () => {
    const taken = await listen(30_080);
    try {
      const server = startServer();
      await server.shows('BuildIt serves ');
      expect(server.output().stderr).toMatch(/Port 30080 is taken; this is 300(8[1-9]|9\d|100)\./);
      server.process.kill('SIGINT');
      await server.ended;
      const told = await product.run('server', '--port', '30080');
      expect(told).toMatchObject({ code: 9, stdout: '' });
      expect(told.stderr).toContain('port-in-use');
    } finally {
      await new Promise((resolve) => taken?.close(resolve) ?? resolve(null));
    }
  });

  test('keeps its port when the API is killed, and goes on after everything was', async () => {
    const server = startServer('--port', '0', '-o', 'json');
    const url = await readUrl(server);
    await product.kill('api');
    await expect.poll(() => readHealth(url), SOON).toBe(200);
    await product.kill('supervisor', 'postgres', 'temporal', 'api', 'worker');
    await expect.poll(() => readHealth(url), SOON).toBe(200);
  });

  test('leaves the engine to a command that is connected to it', async () => {
    const server = startServer('--port', '0', '-o', 'json');
    const url = await readUrl(server);
    const file = join(product.folder, 'long.kdl');
    const go = join(product.folder, 'go');
    rmSync(go, { force: true });
    writeFileSync(
      file,
      `stage "a" { executor "process"; run "echo waiting; until [ -e ${go} ]; do sleep 0.1; done" }\n`,
    );
    const run = product.start('run', file);
    await run.shows('waiting');
    server.process.kill('SIGTERM');
    expect(await server.ended).toMatchObject({ code: 0 });
    expect(await readHealth(url)).toBeNull();
    expect((await product.processes()).map(({ role }) => role)).toContain('api');
    writeFileSync(go, '');
    expect(await run.ended).toMatchObject({ code: 0 });
  });

  test('gives a running engine the settings it was started with', async () => {
    await product.run('runs', 'list');
    product.environment['BUILDIT_RATE_LIMIT_READS'] = '77';
    try {
      const server = startServer('--port', '0', '-o', 'json');
      await readUrl(server);
      expect(server.output().stderr).toContain('other settings');
      const api = (await product.processes()).find(({ role }) => role === 'api');
      expect(readFileSync(`/proc/${api?.pid}/environ`, 'utf8')).toContain('BUILDIT_RATE_LIMIT_READS=77');
    } finally {
      delete product.environment['BUILDIT_RATE_LIMIT_READS'];
    }
  });

  test.each([
    [['--host', '0.0.0.0'], {}, 'insecure-http'],
    [['--only', 'api'], {}, 'servers-missing'],
    [[], { DATABASE_URL: 'postgres://nobody@127.0.0.1:1/none' }, 'servers-incomplete'],
    [[], { TEMPORAL_ADDRESS: '127.0.0.1:1' }, 'servers-incomplete'],
    [['--port', '70000'], {}, 'usage'],
    [['--public-url', 'ci.example.com'], {}, 'usage'],
    [['--queue', 'hosts'], {}, 'usage'],
  ])('server %j with %j is refused with %s before anything starts', async (options, variables, code) => {
    Object.assign(product.environment, variables);
    try {
      const outcome = await product.run('server', ...options);
      expect(outcome).toMatchObject({ code: 2, stdout: '' });
      expect(outcome.stderr).toContain(`error[${code}]`);
    } finally {
      for (const name of Object.keys(variables)) delete product.environment[name];
    }
  });

  async function readPriorities(): Promise<Record<string, number>> {
    const parts = (await product.processes()).filter(({ role }) => role !== 'supervisor');
    return Object.fromEntries(parts.map(({ role, pid }) => [role, getPriority(pid)]));
  }
  function dataFolder(): string {
    return product.environment['BUILDIT_DATA'] ?? '';
  }
});

/** Null when somebody else has the port: then it is taken as well. */
function listen(port: number): Promise<Server | null> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(null));
    server.listen(port, '127.0.0.1', () => resolve(server));
  });
}
