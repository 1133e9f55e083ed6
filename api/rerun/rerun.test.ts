import { describe, expect, test } from 'vitest';
import { createPlan, createStagePlan, needs } from '#test/env/plan.ts';
import { ended, node, playBatch, refusalOf, useApi } from '#test/env/use-api.ts';

describe('re-runs', () => {
  const use = useApi();
  const endRun = async () => {
    const api = use();
    api.usePlan(
      createPlan(
        [
          createStagePlan('build', { secrets: [{ name: 'BUILD_KEY', as: 'BUILD_KEY' }] }),
          createStagePlan('test', { needs: needs('build'), secrets: [{ name: 'TEST_KEY', as: 'TEST_KEY' }] }),
        ],
        { secrets: ['BUILD_KEY', 'TEST_KEY'] },
      ),
    );
    const run = await api.client.startRun(api.request({ secrets: { BUILD_KEY: 'b', TEST_KEY: 't' } }));
    await playBatch(api, run, 1, {
      nodes: [node('build', ended('passed'), { tag: 'v1' }), node('test', ended('failed'))],
    });
    await playBatch(api, run, 2, { run: ended('failed') });
    return run;
  };
  const secrets = { TEST_KEY: 't' };

  test('a re-run keeps the number, counts its attempt and carries what passed', async () => {
    const run = await endRun();
    const second = await use().client.rerun(run.label, { kind: 'failed', secrets });
    expect(second).toMatchObject({ number: run.number, attempt: 2, label: `${run.label}.2` });
    expect(await use().client.listStages(second.id)).toMatchObject([
      { name: 'build', carriedFrom: run.label, status: { kind: 'ended', ending: 'passed' }, outputs: { tag: 'v1' } },
      { name: 'test', carriedFrom: null, status: { kind: 'waiting' } },
    ]);
    await expect
      .poll(() => use().workflows.started.find((input) => input.runId === second.id))
      .toMatchObject({
        run: { label: second.label, attempt: 2 },
        carried: { build: { ending: 'passed', outputs: { tag: 'v1' }, carriedFrom: run.label } },
      });
  });

  test('the address of a run names its attempt once there is a later one: a number alone is the last', async () => {
    const run = await endRun();
    const path = `/runs/${run.number}`;
    expect(run.url).toMatch(new RegExp(`${path}$`));
    const second = await use().client.rerun(run.id, { kind: 'failed', secrets });
    expect(second.url).toMatch(new RegExp(`${path}\\.2$`));
    const { items } = await use().client.listRuns();
    const urls = items.filter(({ number }) => number === run.number).map(({ url }) => url.slice(url.lastIndexOf('/')));
    expect(urls.toSorted()).toEqual([`/${run.number}.1`, `/${run.number}.2`]);
  });

  test('a result carried twice names the run that made it', async () => {
    const run = await endRun();
    const second = await use().client.rerun(run.id, { kind: 'failed', secrets });
    await playBatch(use(), second, 1, { nodes: [node('test', ended('failed'))], run: ended('failed') });
    const third = await use().client.rerun(second.id, { kind: 'failed', secrets });
    expect((await use().client.listStages(third.id))[0]).toMatchObject({ name: 'build', carriedFrom: run.label });
  });

  test('a re-run that would carry more than a workflow takes is refused before it is one', async () => {
    const api = use();
    const names = Array.from({ length: 30 }, (_, index) => `part-${index}`);
    api.usePlan(createPlan([...names, 'last'].map((name) => createStagePlan(name))));
    const run = await api.client.startRun(api.request());
    const outputs = { text: 'x'.repeat(64_000) };
    await playBatch(api, run, 1, {
      nodes: [...names.map((name) => node(name, ended('passed'), outputs)), node('last', ended('failed'))],
      run: ended('failed'),
    });
    expect(await refusalOf(api.client.rerun(run.id, { kind: 'failed' }))).toMatchObject({
      status: 422,
      code: 'run-too-large',
      hint: expect.stringContaining('--all'),
    });
    expect(await api.client.rerun(run.id, { kind: 'all' })).toMatchObject({ attempt: 2 });
  });

  test('two re-runs at once have two attempts', async () => {
    const run = await endRun();
    const again = await Promise.all([1, 2, 3].map(() => use().client.rerun(run.id, { kind: 'failed', secrets })));
    expect(again.map((other) => other.attempt).toSorted((a, b) => a - b)).toEqual([2, 3, 4]);
  });

  test('secrets are asked for again, of the stages that run alone', async () => {
    const run = await endRun();
    expect(await refusalOf(use().client.rerun(run.id, { kind: 'failed' }))).toMatchObject({
      status: 422,
      code: 'secret-missing',
      errors: [{ pointer: '/secrets/TEST_KEY' }],
    });
  });

  test('a secret that stands in the environment alone is asked for too', async () => {
    const api = use();
    const env = { URL: { parts: ['https://', { ref: 'secrets.HOST_KEY' }] } };
    api.usePlan(createPlan([createStagePlan('build', { env })], { secrets: ['HOST_KEY'] }));
    const run = await api.client.startRun(api.request({ secrets: { HOST_KEY: 'k' } }));
    await playBatch(api, run, 1, { nodes: [node('build', ended('failed'))], run: ended('failed') });
    expect(await refusalOf(api.client.rerun(run.id, { kind: 'failed' }))).toMatchObject({
      status: 422,
      code: 'secret-missing',
      errors: [{ pointer: '/secrets/HOST_KEY' }],
    });
    expect(await api.client.rerun(run.id, { kind: 'failed', secrets: { HOST_KEY: 'k' } })).toMatchObject({
      attempt: 2,
    });
  });

  test('an open run, a run without failures and an unknown stage are refused', async () => {
    const run = await endRun();
    const second = await use().client.rerun(run.id, { kind: 'failed', secrets });
    expect(await refusalOf(use().client.rerun(second.id, { kind: 'all', secrets }))).toMatchObject({
      code: 'run-open',
    });
    await playBatch(use(), second, 1, { nodes: [node('test', ended('passed'))], run: ended('passed') });
    expect(await refusalOf(use().client.rerun(second.id, { kind: 'failed', secrets }))).toMatchObject({
      code: 'nothing-failed',
    });
    expect(await refusalOf(use().client.rerun(run.id, { kind: 'stage', name: 'tset', secrets }))).toMatchObject({
      code: 'stage-unknown',
      hint: expect.stringContaining('build, test'),
    });
  });
});
