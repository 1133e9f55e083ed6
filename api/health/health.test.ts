import { describe, expect, test } from 'vitest';
import { keepRunner } from '#db/queries/runners.ts';
import { addPerson, ask as askPort, openPort } from '#test/env/people.ts';
import { useApi } from '#test/env/use-api.ts';

interface Health {
  facts: unknown[];
}

describe('health', () => {
  const use = useApi();
  const ask = (path: string) => use().fetch(path);

  test('the process lives', async () => {
    const answer = await ask('/health');
    expect(answer.status).toBe(200);
    expect(await answer.json()).toEqual({ status: 'ok' });
  });

  test('it is ready while the parts answer, and names the one that does not', async () => {
    expect((await ask('/ready')).status).toBe(200);
    use().workflows.isReachable = false;
    // An answer is good for a second.
    await expect.poll(async () => (await ask('/ready')).status, { timeout: 5_000 }).toBe(503);
    const answer = await ask('/ready');
    expect(answer.headers.get('retry-after')).toBe('1');
    expect(await answer.json()).toMatchObject({ code: 'not-ready', errors: [{ pointer: '/temporal' }] });
    use().workflows.isReachable = true;
    await expect.poll(async () => (await ask('/ready')).status, { timeout: 5_000 }).toBe(200);
  });

  test('facts have limits, and a remedy where something is wrong', async () => {
    use().workflows.isReachable = false;
    const health = (await (await ask('/api/v1/system/health')).json()) as Health;
    expect(health).toMatchObject({ status: 'bad', database: { outbox: 0 } });
    expect(health.facts).toContainEqual(
      expect.objectContaining({ id: 'temporal', state: 'bad', remedy: expect.any(String) }),
    );
    expect(health.facts).toContainEqual(expect.objectContaining({ id: 'database', state: 'ok', remedy: null }));
    use().workflows.isReachable = true;
    const again = (await (await ask('/api/v1/system/health')).json()) as Health;
    expect(again.facts).toContainEqual(expect.objectContaining({ id: 'workers', state: 'ok' }));
  });

  test('each queue of Temporal says what waits and who asks; what nobody asks for is a fault', async () => {
    const { queues } = use().workflows;
    const fact = async (id: string) => {
      const health = (await (await ask('/api/v1/system/health')).json()) as { facts: { id: string }[] };
      return health.facts.find((one) => one.id === id);
    };
    const [control, pool] = ['queue-buildit-control', 'queue-buildit-hosts'];
    expect(await fact(control)).toMatchObject({ state: 'ok', value: 'empty, 1 worker asks', remedy: null });
    queues.set('buildit-hosts', { backlog: 3, oldestMs: 90_000 });
    expect(await fact(pool)).toMatchObject({
      ...{ state: 'warn', value: '3 tasks wait, the first for 1m 30s, 1 worker asks', limit: 'a minute of waiting' },
      remedy: expect.stringContaining('another worker'),
    });
    const seenAt = new Date(Date.now() - 120_000).toISOString();
    queues.set('buildit-control', { backlog: 1, oldestMs: 2_000, pollers: [{ identity: '1@gone', seenAt }] });
    expect(await fact(control)).toMatchObject({
      ...{ state: 'bad', value: '1 task waits, the first for 2.0s, 0 workers ask' },
      remedy: expect.stringContaining('buildit server --only worker'),
    });
    expect(await fact('workers')).toMatchObject({ state: 'bad' });
    queues.clear();
  });

  test('the store is tried, and leaves nothing behind', async () => {
    const health = (await (await ask('/api/v1/system/health')).json()) as Health;
    expect(health.facts).toContainEqual(
      expect.objectContaining({ id: 'store', state: 'ok', value: expect.stringMatching(/^written, read and deleted/) }),
    );
    expect(await use().context.stores.objects.list('probe/')).toEqual([]);
  });

  test('every fact has a limit to be held against', async () => {
    const health = (await (await ask('/api/v1/system/health')).json()) as { facts: { limit: string | null }[] };
    expect(health.facts.filter(({ limit }) => limit === null)).toEqual([]);
  });

  test('workers are listed by their queue', async () => {
    const page = (await (await ask('/api/v1/executors')).json()) as { items: unknown[] };
    expect(page.items).toContainEqual({
      queue: 'buildit-control',
      identity: '1@test',
      seenAt: null,
      kind: 'workflows',
      runner: null,
    });
  });

  test('a machine says what it can and has to do, and is a fault when it falls silent', async () => {
    const { database } = use();
    const keep = (leaseMs: number) =>
      keepRunner(database, {
        ...{ hostId: 'big', queue: 'buildit-host-big', labels: ['linux', 'gpu'], leaseMs },
        ...{ version: '1.2.3', maxStages: 8, processExecutor: false },
      });
    await keep(60_000);
    const page = (await (await ask('/api/v1/executors')).json()) as { items: unknown[] };
    expect(page.items).toContainEqual({
      ...{ queue: 'buildit-host-big', identity: '1@test', seenAt: null, kind: 'host' },
      runner: {
        ...{ labels: ['linux', 'gpu'], stages: 0, maxStages: 8, runs: 0 },
        ...{ version: '1.2.3', processExecutor: false },
      },
    });
    const hosts = async () => {
      const health = (await (await ask('/api/v1/system/health')).json()) as { facts: { id: string }[] };
      return health.facts.find(({ id }) => id === 'hosts');
    };
    expect(await hosts()).toMatchObject({ state: 'ok', remedy: null });
    await keep(-1);
    expect(await hosts()).toMatchObject({ state: 'bad', remedy: expect.stringContaining('big was heard of last') });
    await database`DELETE FROM runners`;
  });

  test('a browser that looks at metrics when its session is due for another token gets it', async () => {
    const { database, context } = use();
    const { cookie, id } = await addPerson(database, 'opal', { isOperator: true });
    await database`UPDATE sessions SET rotated_at = 'epoch' WHERE user_id = ${id}`;
    const port = await openPort(context);
    const looked = await askPort(port, 'GET', '/metrics', { as: { cookie } });
    expect([looked.status, looked.cookie]).toEqual([200, expect.stringMatching(/^bi_session=.{43}$/)]);
    await port.close();
  });

  test('metrics count answers by route and status, and are for operators', async () => {
    await ask('/api/v1/runs/none');
    const text = await (await ask('/metrics')).text();
    expect(text).toContain('buildit_api_requests_total{route="/runs/:run",method="GET",status="404"} 1\n');
    expect(text).toContain(
      'buildit_api_request_duration_seconds_bucket{route="/runs/:run",method="GET",le="+Inf"} 1\n',
    );
    expect(text).toMatch(/^buildit_open_runs 0$/m);
    for (const line of text.trimEnd().split('\n')) {
      expect(line).toMatch(/^(# (HELP|TYPE) \S+ .+|[a-z_]+(\{[^{}]*\})? [\d.e+-]+)$/);
    }
    expect((await use().fetch('/metrics', { headers: { authorization: 'Bearer wrong' } })).status).toBe(401);
  });
});
