import { readdirSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { compile } from '#config/pipeline/compile.ts';
import { useServer } from '#test/env/use-server.ts';
import { SAMPLES } from './samples.ts';

test('every file is offered, under its pipeline’s own name and description', () => {
  const files = readdirSync(import.meta.dirname).filter((name) => name.endsWith('.kdl'));
  expect(SAMPLES.map(({ name }) => `${name}.kdl`).toSorted()).toEqual(files.toSorted());
  for (const { name, description, text } of SAMPLES) {
    const { plan, diagnostics } = compile({
      ...{ file: `${name}.kdl`, text, facts: null, params: {}, executor: null, stages: [] },
    });
    expect(diagnostics).toEqual([]);
    expect(plan).toMatchObject({ pipeline: { name, description } });
    for (const node of plan?.nodes ?? []) expect(node).toMatchObject({ executor: 'process' });
  }
});

describe('samples', () => {
  const server = useServer();

  test('a sample becomes a pipeline of the workspace, once, and runs although other processes may not', async () => {
    const { ann, api } = server();
    const added = await ann('POST', '/samples/sample-hello?workspace=acme/shop');
    expect(added).toMatchObject({ status: 201, body: { name: 'sample-hello', origin: 'sample', version: 1 } });
    const again = await ann('POST', '/samples/sample-hello?workspace=acme/shop');
    expect(again).toMatchObject({ status: 409, body: { code: 'pipeline-exists' } });
    const run = await ann('POST', `/pipelines/${added.body.id}/runs`, { params: { fail: true } });
    expect(run).toMatchObject({ status: 201, body: { params: { fail: true } } });
    expect(api.context.settings.processExecutor).toBe(false);
    const own = { name: 'own', text: added.body.text };
    const copy = await ann('POST', '/pipelines?workspace=acme/shop', own);
    const refused = await ann('POST', `/pipelines/${copy.body.id}/runs`, {});
    expect(refused).toMatchObject({ status: 422, body: { code: 'process-executor-off' } });
  });

  test('its text cannot be changed, by whatever way', async () => {
    const { ann } = server();
    const { body } = await ann('POST', '/samples/sample-flaky?workspace=acme/shop');
    const headers = { 'If-Match': `"${body.seq}"` };
    const text = body.text?.replace('echo built', 'echo mine');
    const replaced = await ann('PUT', `/pipelines/${body.id}/text`, { text }, headers);
    expect(replaced).toMatchObject({ status: 409, body: { code: 'pipeline-sample' } });
    const restored = await ann('POST', `/pipelines/${body.id}/versions/1/restore`, {}, headers);
    expect(restored).toMatchObject({ status: 409, body: { code: 'pipeline-sample' } });
  });

  test('a pipeline of one’s own that has the name is left alone', async () => {
    const { ann } = server();
    const text = 'pipeline "sample-fan-out" { image "busybox:1.37" }\nstage "a" { run "true" }\n';
    await ann('POST', '/pipelines?workspace=acme/bank', { name: 'sample-fan-out', text });
    const taken = await ann('POST', '/samples/sample-fan-out?workspace=acme/bank');
    expect(taken).toMatchObject({ status: 409, body: { code: 'pipeline-exists' } });
  });

  test('who may not write pipelines adds none, and there are no others', async () => {
    const { vic, ann } = server();
    expect(await vic('POST', '/samples/sample-hello?workspace=acme/shop')).toMatchObject({ status: 403 });
    expect(await ann('POST', '/samples/none?workspace=acme/shop')).toMatchObject({ status: 404 });
    expect((await vic('GET', '/samples')).body.items).toHaveLength(SAMPLES.length);
  });
});
