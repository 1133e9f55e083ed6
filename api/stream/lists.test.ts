import { describe, expect, test } from 'vitest';
import { createClient } from '#api/client/client.ts';
import { problemOf } from '#api/client/problem.ts';
import type { StreamEvent } from '#core/rest.ts';
import type { GateState } from '#core/run.ts';
import { AT, playBatch } from '#test/env/use-api.ts';
import { useServer, type TestServer } from '#test/env/use-server.ts';

const TEXT = 'stage "build" {\n  image "busybox:1.37"\n  run "true"\n}\n';

describe('lists of a workspace, followed live', () => {
  const use = useServer();
  const trigger = async (name: string) => {
    await use().ann('POST', '/pipelines?workspace=acme/shop', { name, text: TEXT });
    return (await use().bo('POST', `/pipelines/${name}/runs`, { branch: 'main' })).body as {
      id: string;
      label: string;
    };
  };
  /** What a person's stream says, until it ends. */
  const follow = (who: keyof TestServer['people'], topics: string[], cursor: string | null = null) => {
    const { port, people } = use();
    const { bearer } = people[who];
    const url = `http://${port.host}:${port.port}`;
    const client = createClient({ url, credential: { token: async () => bearer, renew: async () => false } });
    const seen: { event: StreamEvent; cursor: string }[] = [];
    const stopping = new AbortController();
    const ended = client
      .stream(topics, (event, at) => seen.push({ event, cursor: at }), stopping.signal, cursor)
      .catch((error: unknown) => error)
      .finally(() => client.close());
    return { seen, ended, stop: () => stopping.abort() };
  };
  const isPassed = async (runId: string) => {
    const [row] = await use().api.database<{ isPassed: boolean }[]>`
      SELECT changed_in::text::xid8 < pg_snapshot_xmin(pg_current_snapshot()) AS is_passed FROM runs WHERE id = ${runId}`;
    return row?.isPassed;
  };
  const tell = ({ event }: { event: StreamEvent }) => {
    if (event.event !== 'state') return event.event;
    if (event.kind === 'run') return `run ${event.object.label}`;
    return event.kind === 'pipeline'
      ? `pipeline ${event.object.name} ${event.object.lastRun?.label ?? ''}`
      : event.kind;
  };

  test('a page says where it stands, and the topic what changes after it', async () => {
    const { id } = await trigger('before');
    // A transaction of another database of this server may still hold the horizon below it.
    await expect.poll(() => isPassed(id)).toBe(true);
    const page = (await use().vic('GET', '/runs?workspace=acme/shop')).body;
    expect(page).toMatchObject({ topic: 'runs:acme/shop', seq: expect.any(Number) });
    const { seen, stop, ended } = follow('vic', [`${page.topic}@${page.seq}`]);
    const run = await trigger('after');
    await expect.poll(() => seen.map(tell)).toContain(`run ${run.label}`);
    expect(seen.map(tell)).not.toContain('run before#1');
    stop();
    await ended;
    // Resumed from the first event nothing is missing, here with another topic beside it.
    const again = follow('vic', [page.topic, 'pipelines:acme/shop@1'], seen[0]?.cursor ?? null);
    await expect.poll(() => again.seen.map(tell)).toContain(`run ${run.label}`);
    await expect.poll(() => again.seen.map(tell)).toContain('pipeline after after#1');
    again.stop();
    await again.ended;
  });

  test('resumed from the very word that it follows, a list from now on misses nothing', async () => {
    const { seen, stop, ended } = follow('vic', ['runs:acme/shop', 'pipelines:acme/shop']);
    await expect.poll(() => seen.map(tell)).toEqual(['hello']);
    stop();
    await ended;
    const run = await trigger('between');
    const again = follow('vic', ['runs:acme/shop', 'pipelines:acme/shop'], seen[0]?.cursor ?? null);
    await expect.poll(() => again.seen.map(tell)).toContain(`run ${run.label}`);
    await expect.poll(() => again.seen.map(tell)).toContain(`pipeline between ${run.label}`);
    again.stop();
    await again.ended;
  });

  test('a pipeline says where its list stands: a run that comes before the stream opens is told', async () => {
    const before = await trigger('single');
    const { body } = await use().vic('GET', '/pipelines/single?workspace=acme/shop');
    expect(body).toMatchObject({
      topic: 'pipelines:acme/shop',
      position: expect.any(Number),
      lastRun: { label: before.label },
    });
    const { body: run } = await use().bo('POST', '/pipelines/single/runs', { branch: 'main' });
    const { seen, stop, ended } = follow('vic', [`${body.topic}@${body.position}`]);
    await expect.poll(() => seen.map(tell)).toContain(`pipeline single ${run.label}`);
    stop();
    await ended;
  });

  test('what is done in another workspace is not told', async () => {
    const theirs = follow('bo', ['runs:acme/shop', 'pipelines:acme/shop']);
    await expect.poll(() => theirs.seen.map(tell)).toEqual(['hello']);
    await use().ann('POST', '/pipelines?workspace=acme/bank', { name: 'vault', text: TEXT });
    const { body } = await use().ann('POST', '/pipelines/vault/runs', {});
    const ours = await trigger('ours');
    await expect.poll(() => theirs.seen.map(tell)).toContain(`run ${ours.label}`);
    expect(JSON.stringify(theirs.seen)).not.toContain(body.id);
    theirs.stop();
    await theirs.ended;
  });

  test.each(['runs:other/shop', 'runs:acme/bank', 'pipelines:acme/none'])('bo has no topic %s', async (topic) => {
    expect(problemOf(await follow('bo', [topic]).ended)).toMatchObject({ status: 404, code: 'not-found' });
  });

  test('the inbox is told anew when a gate asks, to who may decide it', async () => {
    const text = 'gate "ship" {\n  approve from="user:bo"\n}\n' + TEXT.replace('"build"', '"build" needs="ship"');
    await use().ann('POST', '/pipelines?workspace=acme/shop', { name: 'asking', text });
    const run = (await use().ann('POST', '/pipelines/asking/runs', {})).body as { id: string };
    const [bo, vic] = [follow('bo', ['inbox']), follow('vic', ['inbox'])];
    const waiting = (seen: typeof bo.seen) =>
      seen.flatMap(({ event }) =>
        event.event === 'state' && event.kind === 'inbox' ? [event.object.waiting.map(({ gate }) => gate.name)] : [],
      );
    await expect.poll(() => waiting(bo.seen)).toEqual([[]]);
    const asking: GateState = {
      name: 'ship',
      status: { kind: 'waiting', reason: { code: 'gate', message: 'waits for a decision' } },
      ...{ openedAt: AT, expiresAt: null, remindedAt: null, decisions: [], unmet: [{ from: 'user:bo', min: 1 }] },
    };
    await playBatch(use().api, run, 1, { gates: [asking] });
    await expect.poll(() => waiting(bo.seen).at(-1), { timeout: 5_000 }).toEqual(['ship']);
    expect(waiting(vic.seen).flat()).toEqual([]);
    for (const { stop, ended } of [bo, vic]) {
      stop();
      await ended;
    }
  });

  test('a page that follows the inbox is told nothing older than what it has read', async () => {
    const dues = (seen: { event: StreamEvent }[]) =>
      seen.flatMap(({ event }) =>
        event.event === 'state' && event.kind === 'inbox' ? [event.object.soon.map(({ name }) => name)] : [],
      );
    const { body } = await use().ann('POST', '/secrets?workspace=acme/shop', { name: 'DUE', value: 'correct horse' });
    const earlier = follow('ann', ['inbox']);
    await expect.poll(() => dues(earlier.seen)).toEqual([[]]);
    // It becomes due without anything that would be told.
    await use().api.database`UPDATE secrets SET rotate_days = 1 WHERE id = ${body.id}`;
    expect((await use().ann('GET', '/me/inbox')).body.soon).toMatchObject([{ name: 'DUE' }]);
    const page = follow('ann', ['inbox']);
    await expect.poll(() => dues(page.seen).at(-1)).toEqual(['DUE']);
    for (const { stop, ended } of [earlier, page]) {
      stop();
      await ended;
    }
  });

  test('health is for operators', async () => {
    const refused = await follow('ann', ['health']).ended;
    expect(problemOf(refused)).toMatchObject({ status: 403, code: 'not-allowed' });
    const seen: StreamEvent[] = [];
    const stopping = new AbortController();
    const local = use().api.client.stream(['health'], (event) => seen.push(event), stopping.signal, null);
    await expect.poll(() => seen.at(-1)).toMatchObject({ kind: 'health', object: { status: expect.any(String) } });
    stopping.abort();
    await local.catch(() => {});
  });

  test('a right that is taken away ends the streams that stood on it, and theirs alone', async () => {
    const [vic, ann] = [follow('vic', ['runs:acme/shop']), follow('ann', ['runs:acme/shop'])];
    await expect.poll(() => [...vic.seen, ...ann.seen].map(tell)).toEqual(['hello', 'hello']);
    await use().api.database`DELETE FROM role_bindings WHERE user_id = ${use().people.vic.id}`;
    await expect
      .poll(() => vic.seen.at(-1)?.event, { timeout: 10_000 })
      .toMatchObject({ event: 'bye', reason: 'rights' });
    await vic.ended;
    expect(problemOf(await follow('vic', ['runs:acme/shop']).ended)).toMatchObject({ status: 404 });
    expect(ann.seen.map(tell)).not.toContain('bye');
    ann.stop();
    await ann.ended;
  });

  test('a sign-in that is revoked ends its streams', async () => {
    const bo = follow('bo', ['runs:acme/shop']);
    await expect.poll(() => bo.seen.map(tell)).toEqual(['hello']);
    await use().api.database`UPDATE cli_sessions SET revoked_at = now() WHERE user_id = ${use().people.bo.id}`;
    await expect
      .poll(() => bo.seen.at(-1)?.event, { timeout: 10_000 })
      .toMatchObject({ event: 'bye', reason: 'rights' });
    await bo.ended;
  });
});
