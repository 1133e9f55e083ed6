import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createClient } from '#api/client/client.ts';
import type { RunObject, StreamEvent } from '#core/rest.ts';
import { describeWith } from '../env/describe-with.ts';
import type { TestPerson } from '../env/people.ts';
import { openServers, type Servers } from './servers.ts';

/** A state is waited for at most this long; the machine may be busy with other tests. */
const SOON = { timeout: 120_000, interval: 100 };
const RUNS = 20;
const CLIENTS = 50;
const LINES = 8;

describeWith(['temporal'], 'separate processes of a server', () => {
  vi.setConfig({ testTimeout: 240_000, hookTimeout: 120_000 });
  let servers: Servers;
  beforeEach(async () => {
    servers = await openServers({ BUILDIT_RATE_LIMIT_WRITES: '1000' });
  });
  afterEach(() => servers.dispose());

  test('two APIs and two workers lose one of each under load: each run ends once, each reader sees each event once', async () => {
    // All at once: each of the APIs finds an empty database, one of them makes the tables.
    const apis = [servers.start('--only', 'api', '--port', '0'), servers.start('--only', 'api', '--port', '0')];
    const workers = [servers.start('--only', 'worker'), servers.start('--only', 'worker')];
    const urls = await Promise.all(apis.map((api) => api.url()));
    const ann = await servers.addOwner('ann');
    const clients = urls.map((url) => openClient(url, ann));
    const ran = join(servers.folder, 'ran');
    await post(urls[0], ann, '/pipelines', { name: 'load', text: pipelineText(ran) });

    const runs = await Promise.all(
      Array.from({ length: RUNS }, (_, index) =>
        post<RunObject>(urls[index % 2], ann, '/pipelines/load/runs', { params: { n: String(index) } }),
      ),
    );
    expect(new Set(runs.map(({ number }) => number)).size).toBe(RUNS);
    const readers = Array.from({ length: CLIENTS }, (_, index) => follow(clients, index, runs[index % RUNS]?.id ?? ''));
    await expect.poll(() => readers.filter(({ states }) => states.length > 0).length, SOON).toBe(CLIENTS);
    // What dies is busy: some stage has run, most have not.
    await expect.poll(() => readLines(ran).length, SOON).toBeGreaterThan(2);
    await Promise.all([apis[0]?.kill(), workers[0]?.kill()]);

    await Promise.all(readers.map(({ ended }) => ended));
    for (const run of runs) {
      const now = await clients[1]?.getRun(run.id);
      expect(now).toMatchObject({ status: { kind: 'ended', ending: 'passed' } });
    }
    // Nothing ran twice, nothing was left out.
    expect(readLines(ran).toSorted()).toEqual(
      Array.from({ length: RUNS }, (_, index) => [`a ${index}`, `b ${index}`])
        .flat()
        .toSorted(),
    );
    for (const { states, lines } of readers) {
      expect(new Set(states).size).toBe(states.length);
      expect(lines).toEqual(Array.from({ length: LINES }, (_, index) => `line ${index + 1}`));
    }
    const endings = await servers.database<{ count: number }[]>`
      SELECT count(*) FROM events WHERE kind = 'run' AND status->>'kind' = 'ended' GROUP BY run_id`;
    expect(endings.map(({ count }) => count)).toEqual(Array.from({ length: RUNS }, () => 1));
  });

  test('one command runs both, starts again what dies, and takes both along', async () => {
    const server = servers.start('--port', '0');
    const url = await server.url();
    const answer = async () => (await fetch(`${url}/health`).catch(() => null))?.status ?? null;
    const [api] = listChildren(server.process.pid).filter(({ command }) => command.includes('api/main.ts'));
    process.kill(api?.pid ?? 0, 'SIGKILL');
    await server.shows('api ended: SIGKILL');
    // With --port 0 the next one has another port.
    await expect
      .poll(() => [...server.output().stdout.matchAll(/BuildIt serves (\S+)/g)].map(([, at]) => at).length, SOON)
      .toBe(2);
    const children = listChildren(server.process.pid);
    expect(children).toHaveLength(2);
    server.process.kill('SIGTERM');
    expect(await server.ended).toMatchObject({ code: 0 });
    expect(await answer()).toBeNull();
    for (const { pid } of children) expect(() => process.kill(pid, 0)).toThrow('ESRCH');
  });

  test('Postgres away is 503 with Retry-After, and what was under way ends right once it is back', async () => {
    const api = servers.start('--only', 'api', '--port', '0');
    servers.start('--only', 'worker');
    const url = await api.url();
    const ann = await servers.addOwner('ann');
    const client = openClient(url, ann);
    const ran = join(servers.folder, 'ran');
    await post(url, ann, '/pipelines', { name: 'load', text: pipelineText(ran) });
    const run = await post<RunObject>(url, ann, '/pipelines/load/runs', { params: { n: '1' } });
    const reader = follow([client], 0, run.id);
    await expect.poll(() => reader.lines.length, SOON).toBeGreaterThan(0);

    await servers.postgres.cut();
    const ask = (path: string, method = 'GET') =>
      fetch(`${url}${path}`, { method, headers: { Authorization: `Bearer ${ann.bearer}` } });
    for (const answer of [
      await ask('/api/v1/runs'),
      await ask(`/api/v1/runs/${run.id}/cancel`, 'POST'),
      await ask('/ready'),
    ]) {
      expect(answer.status).toBe(503);
      expect(Number(answer.headers.get('Retry-After'))).toBeGreaterThan(0);
    }
    expect((await ask('/health')).status).toBe(200);
    // The stage goes on meanwhile, to its end.
    await expect.poll(() => readLines(ran), SOON).toContain('a 1');
    await servers.postgres.restore();

    await reader.ended;
    expect(await client.getRun(run.id)).toMatchObject({ status: { kind: 'ended', ending: 'passed' } });
    expect(readLines(ran)).toEqual(['a 1', 'b 1']);
    expect(reader.lines).toEqual(Array.from({ length: LINES }, (_, index) => `line ${index + 1}`));
  });
});

function pipelineText(ran: string): string {
  const print = `for i in $(seq ${LINES}); do echo line $i; sleep 0.05; done`;
  return [
    'pipeline "load" { param "n" type="string" match="^[0-9]+$" }',
    `stage "a" { executor "process"; run "${print}"; run "echo a \${params.n} >> ${ran}" }`,
    `stage "b" needs="a" { executor "process"; run "echo b \${params.n} >> ${ran}" }`,
  ].join('\n');
}

/** Processes whose parent is `pid`. */
function listChildren(pid: number | undefined): { pid: number; command: string }[] {
  return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8')
    .split(' ')
    .filter(Boolean)
    .map((child) => ({ pid: Number(child), command: readFileSync(`/proc/${child}/cmdline`, 'utf8') }));
}

function readLines(file: string): string[] {
  try {
    return readFileSync(file, 'utf8').split('\n').filter(Boolean);
  } catch {
    return [];
  }
}

function openClient(url: string, person: TestPerson) {
  return createClient({ url, credential: { token: async () => person.bearer, renew: async () => false } });
}

/** What one reader saw, in order. */
interface Reader {
  /** `stage a 12`: object and seq. */
  states: string[];
  lines: string[];
  ended: Promise<void>;
}

/** Follows a run and a log; cut off, it goes on at the other API behind the last event that it saw. */
function follow(clients: ReturnType<typeof openClient>[], index: number, runId: string): Reader {
  const topics = [`run:${runId}`, `log:${runId}/a/1`];
  const reader: Reader = { states: [], lines: [], ended: Promise.resolve() };
  const open = new Set(topics);
  const take = (event: StreamEvent): void => {
    if (event.event === 'state' && 'seq' in event.object) {
      reader.states.push(`${event.kind} ${event.object.id} ${event.object.seq}`);
    }
    if (event.event === 'log') reader.lines.push(...event.lines.map(({ text }) => text));
    if (event.event === 'end') open.delete(event.topic);
  };
  reader.ended = (async () => {
    let cursor: string | null = null;
    for (let tries = index; open.size > 0; tries += 1) {
      const client = clients[tries % clients.length];
      await client
        ?.stream(
          topics,
          (event, behind) => {
            take(event);
            cursor = behind;
          },
          AbortSignal.timeout(120_000),
          cursor,
        )
        // Cut: the next one is asked.
        .catch(() => {});
    }
  })();
  return reader;
}

async function post<Answer>(url: string | undefined, person: TestPerson, path: string, body: unknown): Promise<Answer> {
  const answer = await fetch(`${url}/api/v1${path}`, {
    method: 'POST',
    headers: { Authorization: `Bearer ${person.bearer}`, 'Content-Type': 'application/json' },
    body: JSON.stringify(body),
  });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${answer.status} ${text}`);
  return JSON.parse(text) as Answer;
}
