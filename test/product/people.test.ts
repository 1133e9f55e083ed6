import { randomBytes } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { openTransport } from '#api/client/transport.ts';
import { uploadSnapshot } from '#api/client/upload-snapshot.ts';
import type { InboxObject } from '#core/rest-inbox.ts';
import type { GateObject } from '#core/rest.ts';
import { askAs, type Ask } from '../env/ask.ts';
import { describeWith } from '../env/describe-with.ts';
import { fresh } from '../env/fresh.ts';
import { addPerson, type TestPerson } from '../env/people.ts';
import { openServers, type Servers } from './servers.ts';

const SOON = { timeout: 60_000, interval: 100 };
const TEXT = `
pipeline "NAME" { executor "process" }
stage "build" { run "echo built $BUILDIT_GIT_BRANCH" }
gate "ship" needs="build" { approve from="user:bo"; approve from="user:ann"; no-self }
stage "deploy" needs="ship" { run "echo deployed" }
`;

describeWith(['temporal'], 'people and a server', () => {
  vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });
  let servers: Servers;
  let url = '';
  let people: Record<'ann' | 'bo' | 'cy', TestPerson>;
  let ask: Record<'ann' | 'bo' | 'cy', Ask>;
  let receiver: Server;
  const received: string[] = [];

  beforeAll(async () => {
    servers = await openServers({
      BUILDIT_WEBHOOKS_PRIVATE: 'on',
      BUILDIT_MASTER_KEY: randomBytes(32).toString('base64'),
    });
    url = await servers.start('--port', '0').url();
    const [main] = await servers.database<{ id: string }[]>`SELECT id FROM organizations WHERE name = 'main'`;
    const add = (name: string) => addPerson(servers.database, name, { organizationId: main?.id ?? '', role: 'admin' });
    people = { ann: await add('ann'), bo: await add('bo'), cy: await add('cy') };
    const port = { host: '127.0.0.1', port: Number(new URL(url).port) };
    ask = { ann: askAs(port, people.ann), bo: askAs(port, people.bo), cy: askAs(port, people.cy) };
    receiver = createServer((request, response) => {
      request.setEncoding('utf8').on('data', (chunk: string) => received.push(chunk));
      request.on('end', () => response.writeHead(204).end());
    });
    await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve));
  });
  afterAll(async () => {
    receiver.close();
    await servers.dispose();
  });

  const statusOf = async (path: string) => (await ask.ann('GET', path)).body.status;

  test('a run waits for people who did not start it, and goes on when all of them approved', async () => {
    const hook = { url: `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/`, events: ['run.ended'] };
    expect((await ask.ann('POST', '/webhooks', hook)).status).toBe(201);
    const name = fresh('shop');
    const label = `${name}#1`;
    const text = TEXT.replace('NAME', name);
    expect((await ask.ann('POST', '/pipelines', { name, text })).status).toBe(201);
    const started = await ask.cy('POST', `/pipelines/${name}/runs`, { branch: 'main' });
    expect(started).toMatchObject({ status: 201, body: { label, branch: 'main', startedBy: 'user:cy' } });
    const path = `/pipelines/${name}/runs/1`;
    await expect.poll(async () => (await ask.ann('GET', path)).body.gatesWaiting, SOON).toEqual(['ship']);

    const gates = (await ask.bo('GET', `/runs/${started.body.id}/gates`)).body.items as GateObject[];
    const decisions = `/gates/${gates[0]?.id}/decisions`;
    expect(await ask.cy('POST', decisions, { verdict: 'approve' })).toMatchObject({
      status: 403,
      body: { code: 'self-approval' },
    });
    const inbox = async (who: Ask) =>
      ((await who('GET', '/me/inbox')).body as InboxObject).waiting.filter(({ run }) => run.label === label);
    expect(await inbox(ask.bo)).toMatchObject([{ gate: { name: 'ship' } }]);
    expect(await inbox(ask.cy)).toEqual([]);
    expect(await ask.bo('POST', decisions, { verdict: 'approve' })).toMatchObject({
      status: 200,
      body: { unmet: [{ from: 'user:ann', min: 1 }] },
    });
    expect((await ask.ann('POST', decisions, { verdict: 'approve' })).status).toBe(200);
    await expect.poll(() => statusOf(path), SOON).toMatchObject({ kind: 'ended', ending: 'passed' });
    const log = await ask.ann('GET', `/runs/${started.body.id}/stages/build/attempts/1/log?format=raw`);
    expect(log.body).toContain('built main');
    await expect.poll(() => received.some((body) => body.includes(`"${label}"`)), SOON).toBe(true);
  });

  test('a tree that was sent is what the stages of a remote run find', async () => {
    const root = join(servers.folder, 'tree');
    await mkdir(root, { recursive: true });
    await writeFile(join(root, 'note.txt'), 'from elsewhere');
    const credential = { token: async () => people.bo.bearer, renew: async () => false };
    const taken = await uploadSnapshot(openTransport({ url, credential }), {
      ...{ root, git: false, without: [], folder: join(servers.folder, 'elsewhere'), workspace: null },
    });
    const started = await ask.bo('POST', '/runs/remote', {
      ...{ file: 'ci.kdl', text: 'stage "read" { executor "process"; run "cat note.txt" }', snapshot: taken.digest },
      ...{ params: {}, envFile: {}, executor: null, stages: [], maxParallel: null, git: null },
    });
    expect(started).toMatchObject({ status: 201, body: { label: expect.stringMatching(/^remote\/\d+$/) } });
    await expect
      .poll(() => statusOf(`/runs/${started.body.id}`), SOON)
      .toMatchObject({ kind: 'ended', ending: 'passed' });
    const log = await ask.ann('GET', `/runs/${started.body.id}/stages/read/attempts/1/log?format=raw`);
    expect(log.body).toContain('from elsewhere');
  });
});
