import { describe, expect, test } from 'vitest';
import { useServer } from '#test/env/use-server.ts';

const TEXT = `
pipeline "shop" {
  param "version" default="1.0"
}
stage "build" {
  image "busybox:1.37"
  run "echo \${params.version} on \${git.branch ?? \\"no branch\\"}"
}
`;
const UNISOLATED = 'stage "build" {\n  executor "process"\n  run "id"\n}\n';
const WITH_SECRET = 'stage "build" {\n  image "busybox:1.37"\n  secret "TOKEN"\n  run "true"\n}\n';

describe('runs of pipelines on the server', () => {
  const use = useServer();
  const create = async (name: string, text = TEXT) => {
    const made = await use().ann('POST', '/pipelines?workspace=acme/shop', { name, text });
    expect(made).toMatchObject({ status: 201 });
    return made.body as { id: string };
  };

  test('a trigger is accepted with the run, whose workflow is started once', async () => {
    const { id } = await create('trigger');
    const started = await use().bo('POST', `/pipelines/${id}/runs`, { branch: 'main' });
    expect(started).toMatchObject({
      status: 201,
      body: {
        ...{ number: 1, attempt: 1, label: 'trigger#1', workspace: 'acme/shop', branch: 'main', commit: null },
        ...{ startedBy: 'user:bo', trigger: 'manual', pipelineVersion: 1, params: { version: '1.0' } },
        ...{ url: '/acme/shop/pipelines/trigger/runs/1', status: { kind: 'queued' } },
      },
    });
    const isOurs = (input: { runId: string }) => input.runId === started.body.id;
    await expect.poll(() => use().api.workflows.started.filter(isOurs).length).toBe(1);
    expect(use().api.workflows.started.find(isOurs)).toMatchObject({
      workspace: 'acme/shop',
      startedBy: 'user:bo',
      run: { number: 1, label: 'trigger#1' },
    });
    expect((await use().vic('GET', `/pipelines/${id}`)).body.lastRun).toMatchObject({ label: 'trigger#1' });
  });

  test('stages are told the address of their run, where the server has one', async () => {
    await create('addressed');
    const { context, workflows } = use().api;
    const urlOf = async (id: string) => {
      await expect.poll(() => workflows.started.some((input) => input.runId === id)).toBe(true);
      return workflows.started.find((input) => input.runId === id)?.run.url;
    };
    expect(await urlOf((await use().bo('POST', '/pipelines/addressed/runs', {})).body.id)).toBe('');
    const before = context.publicUrl;
    context.publicUrl = () => 'https://ci.example.com';
    const { id } = (await use().bo('POST', '/pipelines/addressed/runs', {})).body;
    context.publicUrl = before;
    expect(await urlOf(id)).toBe('https://ci.example.com/acme/shop/pipelines/addressed/runs/2');
  });

  test('each pipeline counts its own runs, and a run is found by each of its names', async () => {
    const { id } = await create('counted');
    await create('other');
    const runs = [];
    for (let count = 0; count < 3; count += 1) runs.push((await use().bo('POST', '/pipelines/counted/runs', {})).body);
    expect(runs.map((run) => run.label)).toEqual(['counted#1', 'counted#2', 'counted#3']);
    expect((await use().bo('POST', '/pipelines/other/runs', {})).body.label).toBe('other#1');
    const second = runs[1].id;
    for (const path of [
      `/pipelines/${id}/runs/2`,
      '/pipelines/counted/runs/2.1',
      '/runs/counted%232',
      '/runs/counted%232.1',
      `/runs/${second}`,
    ]) {
      expect(await use().vic('GET', path)).toMatchObject({ status: 200, body: { id: second } });
    }
    expect(await use().vic('GET', '/pipelines/counted/runs/9')).toMatchObject({ status: 404 });
    expect(await use().vic('GET', '/runs/counted%232.7')).toMatchObject({ status: 404 });
    const list = await use().vic('GET', '/pipelines/counted/runs?limit=2');
    expect(list.body.items.map((run: { number: number }) => run.number)).toEqual([3, 2]);
  });

  test('params and branch go into the plan, and a wrong param is refused', async () => {
    await create('params');
    const started = await use().bo('POST', '/pipelines/params/runs', { params: { version: '2.0' }, branch: 'dev' });
    expect(started).toMatchObject({ status: 201, body: { params: { version: '2.0' } } });
    const plan = await use().bo('GET', `/runs/${started.body.id}/plan`);
    expect(plan.body.git).toMatchObject({ branch: 'dev', sha: '' });
    const refused = await use().bo('POST', '/pipelines/params/runs', { params: { colour: 'red' } });
    expect(refused).toMatchObject({ status: 422, body: { code: 'pipeline-invalid' } });
  });

  test('runs of a deleted pipeline stay, and its name and numbers begin anew', async () => {
    const { id } = await create('reborn');
    const before = (await use().bo('POST', '/pipelines/reborn/runs', {})).body;
    expect((await use().ann('DELETE', `/pipelines/${id}`, undefined, { 'If-Match': '*' })).status).toBe(204);
    expect(await use().bo('POST', `/pipelines/${id}/runs`, {})).toMatchObject({ status: 404 });
    expect(await use().vic('GET', `/runs/${before.id}`)).toMatchObject({ status: 200, body: { label: 'reborn#1' } });
    expect(await use().vic('GET', '/runs/reborn%231')).toMatchObject({ status: 404 });
    await create('reborn');
    const after = (await use().bo('POST', '/pipelines/reborn/runs', {})).body;
    expect(after.label).toBe('reborn#1');
    expect(await use().vic('GET', '/runs/reborn%231')).toMatchObject({ status: 200, body: { id: after.id } });
  });

  test('a dry run answers the plan and starts nothing', async () => {
    await create('dry');
    const dry = await use().bo('POST', '/pipelines/dry/runs?dryRun=true', {});
    expect(dry).toMatchObject({ status: 200, body: { stages: [{ name: 'build' }], executors: ['docker'] } });
    expect((await use().bo('GET', '/pipelines/dry/runs')).body.items).toEqual([]);
  });

  test('a disabled pipeline starts nothing', async () => {
    const { id } = await create('off');
    await use().ann('PATCH', `/pipelines/${id}`, { enabled: false }, { 'If-Match': '*' });
    const refused = await use().bo('POST', '/pipelines/off/runs', {});
    expect(refused).toMatchObject({ status: 409, body: { code: 'pipeline-disabled' } });
  });

  test('a pipeline that names what starts it is started by nothing else', async () => {
    await create('pushed', `on "push"\n${TEXT}`);
    const refused = await use().bo('POST', '/pipelines/pushed/runs', {});
    expect(refused).toMatchObject({
      status: 409,
      body: { code: 'trigger-missing', hint: expect.stringContaining('on "manual"') },
    });
    await create('by-hand', `on "push"\non "manual"\n${TEXT}`);
    expect(await use().bo('POST', '/pipelines/by-hand/runs', {})).toMatchObject({ status: 201 });
  });

  test('stages without isolation are refused until the setting allows them', async () => {
    await create('unisolated', UNISOLATED);
    const refused = await use().bo('POST', '/pipelines/unisolated/runs', {});
    expect(refused).toMatchObject({
      status: 422,
      body: { code: 'process-executor-off', hint: expect.stringContaining('BUILDIT_PROCESS_EXECUTOR=on') },
    });
    const { settings } = use().api.context;
    use().api.context.settings = { ...settings, processExecutor: true };
    const started = await use().bo('POST', '/pipelines/unisolated/runs', {});
    use().api.context.settings = settings;
    expect(started.status).toBe(201);
  });

  test('a run whose secrets are not kept is refused by their names', async () => {
    await create('secretive', WITH_SECRET);
    const refused = await use().bo('POST', '/pipelines/secretive/runs', {});
    expect(refused).toMatchObject({
      status: 422,
      body: { code: 'secret-missing', errors: [{ pointer: '/secrets/TOKEN' }] },
    });
  });

  test('a repeated request with its key starts one run', async () => {
    await create('once');
    const key = { 'Idempotency-Key': 'again' };
    const first = await use().bo('POST', '/pipelines/once/runs', { branch: 'main' }, key);
    const second = await use().bo('POST', '/pipelines/once/runs', { branch: 'main' }, key);
    expect(second).toMatchObject({ status: 201, body: { id: first.body.id } });
    expect((await use().bo('GET', '/pipelines/once/runs')).body.items).toHaveLength(1);
  });

  test('who may not trigger, and who is elsewhere, starts nothing', async () => {
    const { id } = await create('guarded');
    expect(await use().vic('POST', `/pipelines/${id}/runs`, {})).toMatchObject({ status: 403 });
    expect(await use().mallory('POST', `/pipelines/${id}/runs`, {})).toMatchObject({ status: 404 });
    const { body } = await use().bo('POST', `/pipelines/${id}/runs`, {});
    expect(await use().mallory('GET', `/runs/${body.id}`)).toMatchObject({ status: 404 });
    expect(await use().mallory('GET', '/runs/guarded%231')).toMatchObject({ status: 404 });
    expect((await use().mallory('GET', '/runs')).body.items).toEqual([]);
  });

  test.each([
    ['a line break in the branch', { branch: 'a\r\nb' }, '/branch'],
    ['a blank in the branch', { branch: 'a b' }, '/branch'],
    ['a commit of letters', { commit: 'main' }, '/commit'],
    ['a priority of 9', { priority: 9 }, '/priority'],
  ])('%s is refused at its field', async (name, body, pointer) => {
    await create(`bad-${name.replaceAll(/[^a-z0-9]/g, '-')}`);
    const path = `/pipelines/bad-${name.replaceAll(/[^a-z0-9]/g, '-')}/runs`;
    expect(await use().bo('POST', path, body)).toMatchObject({ status: 422, body: { errors: [{ pointer }] } });
  });

  test('runs are listed by branch, by who started them and by number', async () => {
    await create('filtered');
    await use().ann('POST', '/pipelines/filtered/runs', { branch: 'one' });
    await use().bo('POST', '/pipelines/filtered/runs', { branch: 'two' });
    const labelsOf = async (query: string) =>
      (await use().vic('GET', `/runs?pipeline=filtered&${query}`)).body.items.map(
        (run: { label: string }) => run.label,
      );
    expect(await labelsOf('branch=one')).toEqual(['filtered#1']);
    expect(await labelsOf('startedBy=user:bo')).toEqual(['filtered#2']);
    expect(await labelsOf('number=1')).toEqual(['filtered#1']);
    expect(await labelsOf('status=ended')).toEqual([]);
  });
});
