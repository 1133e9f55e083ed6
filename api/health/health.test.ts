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
