import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { GateState } from '#core/run.ts';
import { forgetOldDeliveries } from '#db/queries/webhook-deliveries.ts';
import { AT, ended, playBatch } from '#test/env/use-api.ts';
import { useServer } from '#test/env/use-server.ts';
import { startCourier, type Courier } from './courier.ts';
import { signDelivery } from './sign.ts';

const TEXT =
  'gate "ship" {\n  approve from="user:bo"\n}\nstage "build" needs="ship" {\n  image "busybox:1.37"\n  run "true"\n}\n';
const open: GateState = {
  name: 'ship',
  status: { kind: 'waiting', reason: { code: 'gate', message: 'waits for a decision' } },
  ...{ openedAt: AT, expiresAt: null, remindedAt: null, decisions: [], unmet: [{ from: 'user:bo', min: 1 }] },
};

describe('webhooks', () => {
  const use = useServer();
  let receiver: Server;
  let couriers: Courier[] = [];
  let answer = 204;
  const received: { headers: IncomingHttpHeaders; body: string }[] = [];
  const url = () => `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/hook`;
  const about = (label: string) => received.filter(({ body }) => body.includes(`"${label}"`));

  beforeAll(async () => {
    receiver = createServer((request, response) => {
      let body = '';
      request.setEncoding('utf8').on('data', (chunk: string) => (body += chunk));
      request.on('end', () => {
        received.push({ headers: request.headers, body });
        response.writeHead(answer).end();
      });
    });
    await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve));
    const { database, hub, sealer } = use().api.context;
    // Two processes share the deliveries.
    couriers = [1, 2].map(() => startCourier({ database, hub, sealer, allowsPrivate: true }));
  });
  afterAll(async () => {
    await Promise.all(couriers.map((courier) => courier.stop()));
    receiver.close();
  });

  const create = async (events: string[], to = url()) => {
    const made = await use().ann('POST', '/webhooks?workspace=acme/shop', { url: to, events });
    expect(made).toMatchObject({ status: 201, body: { enabled: true, signingKey: expect.stringMatching(/^whsec_/) } });
    return made.body as { id: string; signingKey: string };
  };
  const start = async (name: string) => {
    await use().ann('POST', '/pipelines?workspace=acme/shop', { name, text: TEXT });
    return (await use().ann('POST', `/pipelines/${name}/runs`, {})).body as { id: string; label: string };
  };
  const deliveriesOf = async (id: string) => (await use().ann('GET', `/webhooks/${id}/deliveries`)).body.items;

  test('an event is delivered once, signed, with what it is about', async () => {
    const hook = await create(['run.ended', 'gate.opened']);
    const run = await start('told');
    await playBatch(use().api, run, 1, { gates: [open] });
    await playBatch(use().api, run, 2, { gates: [{ ...open, unmet: [] }] });
    await playBatch(use().api, run, 3, { run: ended('failed') });
    await expect.poll(() => about(run.label).length).toBe(2);
    for (const { headers, body } of about(run.label)) {
      const id = String(headers['webhook-id']);
      const at = new Date(Number(headers['webhook-timestamp']) * 1_000);
      expect(headers['webhook-signature']).toBe(signDelivery(hook.signingKey, id, body, at)['webhook-signature']);
    }
    const payloads = about(run.label).map(({ body }) => JSON.parse(body));
    expect(payloads.toSorted((a, b) => (a.type < b.type ? -1 : 1))).toMatchObject([
      { type: 'gate.opened', data: { run: { id: run.id, workspace: 'acme/shop' }, gate: { name: 'ship' } } },
      { type: 'run.ended', data: { run: { status: { kind: 'ended', ending: 'failed' } }, gate: null } },
    ]);
    await expect
      .poll(async () => (await deliveriesOf(hook.id)).map((delivery: { state: string }) => delivery.state))
      .toEqual(['delivered', 'delivered']);
    await use().ann('DELETE', `/webhooks/${hook.id}`, undefined, { 'If-Match': '*' });
  });

  test('a refused delivery is tried again later, and at once when somebody asks for it', async () => {
    const hook = await create(['run.ended']);
    answer = 500;
    const run = await start('refused');
    await playBatch(use().api, run, 1, { run: ended('passed') });
    const failed = async () => (await deliveriesOf(hook.id))[0];
    await expect.poll(async () => (await failed())?.lastTry).toMatchObject({ status: 500, error: 'answered 500' });
    expect(await failed()).toMatchObject({ state: 'pending', tries: 1 });
    answer = 204;
    const { id } = await failed();
    const again = await use().ann('POST', `/webhooks/${hook.id}/deliveries/${id}/redeliver`);
    expect(again).toMatchObject({ status: 200, body: { id, tries: 0 } });
    await expect.poll(async () => (await failed()).state).toBe('delivered');
    expect(new Set(about(run.label).map(({ headers }) => headers['webhook-id']))).toEqual(new Set([id]));
    await use().ann('DELETE', `/webhooks/${hook.id}`, undefined, { 'If-Match': '*' });
  });

  test('one that is switched off, of another event or of another workspace is told nothing', async () => {
    const off = await create(['run.ended']);
    await use().ann('PATCH', `/webhooks/${off.id}`, { enabled: false }, { 'If-Match': '"1"' });
    const gates = await create(['gate.opened']);
    const elsewhere = await use().mallory('POST', '/webhooks', { url: url(), events: ['run.ended'] });
    expect(elsewhere.status).toBe(201);
    const told = await create(['run.ended']);
    const run = await start('quiet');
    await playBatch(use().api, run, 1, { run: ended('passed') });
    await expect.poll(async () => (await deliveriesOf(told.id))[0]?.state).toBe('delivered');
    expect(await deliveriesOf(off.id)).toEqual([]);
    expect(await deliveriesOf(gates.id)).toEqual([]);
    expect((await use().mallory('GET', `/webhooks/${elsewhere.body.id}/deliveries`)).body.items).toEqual([]);
  });

  test('the key is answered once and lies nowhere in the open', async () => {
    const hook = await create(['run.ended']);
    const bare = hook.signingKey.slice('whsec_'.length);
    const found = await use().ann('GET', `/webhooks/${hook.id}`);
    const list = await use().ann('GET', '/webhooks?workspace=acme/shop');
    expect(JSON.stringify([found.body, list.body])).not.toContain(bare);
    const [row] = await use().api.database<{ text: string }[]>`
      SELECT webhooks::text AS text FROM webhooks WHERE id = ${hook.id}`;
    expect(row?.text).not.toContain(bare);
    expect(row?.text).not.toContain(Buffer.from(bare).toString('base64'));
  });

  test('what is over is forgotten after 30 days, what is still to come is not', async () => {
    const hook = await create(['run.ended'], 'http://127.0.0.1:1/');
    const { database } = use().api;
    for (const name of ['over', 'pending', 'young']) {
      const run = await start(`old-${name}`);
      await playBatch(use().api, run, 1, { run: ended('passed') });
      // A courier has tried it and let go: what is written now stays.
      const isTried = async () =>
        (
          await database`
          SELECT FROM webhook_deliveries
          WHERE webhook_id = ${hook.id} AND subject = ${run.id} AND last_try IS NOT NULL`
        ).length;
      await expect.poll(isTried).toBe(1);
      await database`
        UPDATE webhook_deliveries SET state = ${name === 'pending' ? 'pending' : 'given-up'},
          due_at = now() + interval '1 day', created_at = now() - ${name === 'young' ? 29 : 31} * interval '1 day'
        WHERE webhook_id = ${hook.id} AND subject = ${run.id}`;
    }
    await forgetOldDeliveries(database);
    const left = (await deliveriesOf(hook.id)) as { payload: { data: { run: { label: string } } } }[];
    expect(left.map(({ payload }) => payload.data.run.label).toSorted()).toEqual([
      expect.stringContaining('old-pending'),
      expect.stringContaining('old-young'),
    ]);
  });

  test('who may not write webhooks sees none, and who is elsewhere finds none', async () => {
    const hook = await create(['run.ended']);
    expect(await use().bo('GET', '/webhooks?workspace=acme/shop')).toMatchObject({ status: 403 });
    expect(await use().bo('GET', `/webhooks/${hook.id}`)).toMatchObject({ status: 403 });
    for (const path of [`/webhooks/${hook.id}`, `/webhooks/${hook.id}/deliveries`]) {
      expect(await use().mallory('GET', path)).toMatchObject({ status: 404 });
    }
  });

  test.each([
    ['another protocol', { url: 'file:///etc/passwd', events: ['run.ended'] }, '/url'],
    ['a password in the address', { url: 'https://a:b@example.com', events: ['run.ended'] }, '/url'],
    ['no event', { url: 'https://example.com', events: [] }, '/events'],
    ['an unknown event', { url: 'https://example.com', events: ['run.dreamt'] }, '/events/0'],
  ])('%s is refused at its field', async (_, body, pointer) => {
    const refused = await use().ann('POST', '/webhooks?workspace=acme/shop', body);
    expect(refused).toMatchObject({ status: 422, body: { errors: [{ pointer }] } });
  });
});
