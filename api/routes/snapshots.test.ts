import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openTransport, type Transport } from '#api/client/transport.ts';
import { uploadSnapshot } from '#api/client/upload-snapshot.ts';
import { writeFrameHead } from '#core/content-frames.ts';
import type { SnapshotReference } from '#store/snapshot/port.ts';
import { addPerson } from '#test/env/people.ts';
import { useServer } from '#test/env/use-server.ts';

const TEXT = 'stage "build" {\n  image "busybox:1.37"\n  run "true"\n}\n';

describe('runs of a tree that was sent', () => {
  const use = useServer();
  let folder = '';
  let tree = '';
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'bi-remote-'));
    tree = join(folder, 'tree');
    await mkdir(join(tree, 'src'), { recursive: true });
    await writeFile(join(tree, 'src', 'a.txt'), 'first');
    await writeFile(join(tree, 'big.bin'), Buffer.alloc(3 * 1024 * 1024, 7));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  let people = 0;
  /** Somebody with a workspace alone, and how much they send. */
  const addSender = async (organizationId: string) => {
    const { api, port } = use();
    people += 1;
    const person = await addPerson(api.database, `sender-${people}`, { organizationId, role: 'owner' });
    const transport = openTransport({
      url: `http://${port.host}:${port.port}`,
      credential: { token: async () => person.bearer, renew: async () => false },
    });
    let sent = 0;
    const counting: Transport = {
      ...transport,
      send: (call) => {
        if (call.method === 'PUT') sent += (call.body as Buffer).byteLength;
        return transport.send(call);
      },
    };
    return { counting, sent: () => sent, transport };
  };
  const upload = (transport: Transport, workspace: string) =>
    uploadSnapshot(transport, { root: tree, git: false, without: [], folder: join(folder, 'snapshots'), workspace });
  const start = (taken: SnapshotReference, changes: object = {}) => ({
    ...{ file: 'ci/build.kdl', text: TEXT, snapshot: taken.digest, params: {}, envFile: {}, executor: null },
    ...{ stages: [], maxParallel: null, git: null, ...changes },
  });

  test('what was sent is unpacked as it was, and sent once', async () => {
    const { api, acme } = use();
    const { counting, sent } = await addSender(acme.id);
    const taken = await upload(counting, 'acme/shop');
    expect(sent()).toBe(2 * 40 + 5 + 3 * 1024 * 1024);
    const target = join(folder, 'unpacked');
    await api.context.stores.snapshots.unpack(taken, target);
    expect(await readFile(join(target, 'src', 'a.txt'), 'utf8')).toBe('first');
    await writeFile(join(tree, 'src', 'b.txt'), 'second');
    const again = await addSender(acme.id);
    await upload(again.counting, 'acme/shop');
    expect(again.sent()).toBe(40 + 6);
  });

  test('a run of it is a run of the workspace, with a number of its own', async () => {
    const taken = await upload((await addSender(use().acme.id)).transport, 'acme/shop');
    const started = await use().bo('POST', '/runs/remote', start(taken));
    expect(started).toMatchObject({
      status: 201,
      body: {
        label: 'remote/1',
        workspace: 'acme/shop',
        startedBy: 'user:bo',
        trigger: 'manual',
        pipelineVersion: null,
      },
    });
    expect(await use().vic('GET', '/runs/remote%2F1')).toMatchObject({ status: 200, body: { id: started.body.id } });
    expect(await use().vic('POST', '/runs/remote', start(taken))).toMatchObject({ status: 403 });
    expect((await use().bo('POST', '/runs/remote', start(taken))).body.label).toBe('remote/2');
    const { items } = (await use().bo('GET', '/pipelines?origin=remote')).body;
    expect(items).toMatchObject([
      { name: 'build', file: 'ci/build.kdl', can: { trigger: { code: 'pipeline-local' } } },
    ]);
  });

  test('what the file imports is read from the tree that was sent, and from nowhere else', async () => {
    await mkdir(join(tree, 'ci'), { recursive: true });
    const template = 'template "t" { stage { image "busybox:1.37"; run "echo ${stage.name}" } }\n';
    await writeFile(join(tree, 'ci', 'templates.kdl'), template);
    const taken = await upload((await addSender(use().acme.id)).transport, 'acme/shop');
    const text = 'import "templates.kdl"\nstage "a" uses="t"\n';
    const started = await use().bo('POST', '/runs/remote', start(taken, { text }));
    expect(started).toMatchObject({ status: 201 });
    expect((await use().bo('GET', `/runs/${started.body.id}/plan`)).body).toMatchObject({
      nodes: [{ name: 'a', steps: [{ title: 'echo ${stage.name}' }] }],
      imports: { 'ci/templates.kdl': createHash('sha256').update(template).digest('hex') },
    });
    for (const path of ['missing.kdl', '../../etc/x.kdl']) {
      const refused = await use().bo('POST', '/runs/remote', start(taken, { text: `import "${path}"\n${TEXT}` }));
      expect(refused).toMatchObject({ status: 422, body: { diagnostics: [{ code: 'KDL053' }] } });
    }
  });

  test('a text on the server stands alone: it imports nothing', async () => {
    const body = { name: 'alone', text: `import "templates.kdl"\n${TEXT}` };
    const refused = await use().ann('POST', '/pipelines?workspace=acme/shop', body);
    const message = expect.stringContaining('this text stands alone');
    expect(refused).toMatchObject({ status: 422, body: { diagnostics: [{ code: 'KDL053', message }] } });
  });

  test('who knows a digest has nothing of it: each workspace sends by itself', async () => {
    const taken = await upload((await addSender(use().acme.id)).transport, 'acme/shop');
    expect(await use().mallory('POST', '/runs/remote', start(taken))).toMatchObject({
      status: 409,
      body: { code: 'snapshot-missing' },
    });
    expect(await use().ann('POST', '/runs/remote?workspace=acme/bank', start(taken))).toMatchObject({ status: 409 });
    const { counting, sent } = await addSender(use().acme.id);
    await upload(counting, 'acme/bank');
    expect(sent()).toBeGreaterThan(3 * 1024 * 1024);
  });

  test('a content under a digest that is not its own is refused and not kept', async () => {
    const { transport } = await addSender(use().acme.id);
    const digest = createHash('sha256').update('the truth').digest('hex');
    const body = Buffer.concat([writeFrameHead(digest, 3), Buffer.from('lie')]);
    const path = 'snapshots/contents?workspace=acme/shop';
    await expect(transport.send({ method: 'PUT', path, body })).rejects.toMatchObject({
      problem: { status: 422, code: 'content-corrupt' },
    });
    expect(await use().api.context.stores.transfers.hasContent(digest)).toBe(false);
    const cut = Buffer.concat([writeFrameHead(digest, 100), Buffer.from('the truth')]);
    await expect(transport.send({ method: 'PUT', path, body: cut })).rejects.toMatchObject({
      problem: { status: 400, code: 'frame-cut' },
    });
  });

  test('a manifest that leaves the tree is refused', async () => {
    const { transport } = await addSender(use().acme.id);
    const body = Buffer.from('{"version":1,"rows":[["../a","b"]]}');
    await expect(transport.send({ method: 'POST', path: 'snapshots?workspace=acme/shop', body })).rejects.toMatchObject(
      { problem: { status: 422, code: 'manifest-invalid' } },
    );
  });

  test.each([
    ['a file above the source', { file: '../x.kdl' }, '/file'],
    ['an absolute file', { file: '/x.kdl' }, '/file'],
    ['a digest that is none', { snapshot: 'x' }, '/snapshot'],
  ])('%s is refused at its field', async (_, changes, pointer) => {
    const body = start({ digest: '0'.repeat(64), files: 0, bytes: 0 }, changes);
    expect(await use().bo('POST', '/runs/remote', body)).toMatchObject({
      status: 422,
      body: { errors: [{ pointer }] },
    });
  });
});
