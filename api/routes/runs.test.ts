import { request as requestHttp } from 'node:http';
import { describe, expect, test } from 'vitest';
import type { RunObject } from '#core/rest.ts';
import { createPlan, createStagePlan, needs } from '#test/env/plan.ts';
import { ended, node, playBatch, refusalOf, running, useApi } from '#test/env/use-api.ts';

describe('reading runs', () => {
  const use = useApi();
  const startRun = async (file = 'demo.kdl') => {
    use().usePlan(createPlan([createStagePlan('build'), createStagePlan('test', { needs: needs('build') })]));
    return use().client.startRun(use().request({ file: `${use().folder}/${file}` }));
  };
  const ask = (path: string, token = 'test-token', method = 'GET', body?: string) =>
    new Promise<{ status: number; type: string; body: string; requestId: string }>((resolve, reject) => {
      const headers = { authorization: `Bearer ${token}` };
      const outgoing = requestHttp({ socketPath: use().socket, path, method, headers }, (answer) => {
        let text = '';
        answer.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
        answer.on('end', () =>
          resolve({
            status: answer.statusCode ?? 0,
            type: answer.headers['content-type'] ?? '',
            body: text,
            requestId: String(answer.headers['x-request-id']),
          }),
        );
      });
      outgoing.once('error', reject);
      outgoing.end(body);
    });

  test('a run is found by id, number, label and as the last', async () => {
    const run = await startRun();
    const references = [run.id, String(run.number), run.label, `demo#${run.number}`, `${run.label}.1`, '@last'];
    const found = await Promise.all(references.map((reference) => use().client.getRun(reference)));
    expect(found.map((other) => other.id)).toEqual(references.map(() => run.id));
    for (const reference of ['local/999999', 'nonsense', `${run.label}.7`, 'other#1', '']) {
      expect(await refusalOf(use().client.getRun(reference))).toMatchObject({ status: expect.any(Number) });
    }
  });

  test('pages hold each run once, whatever comes in between, and lead back', async () => {
    for (let count = 0; count < 5; count += 1) await startRun('paged.kdl');
    const first = await use().client.listRuns({ limit: 2 });
    await startRun('paged.kdl');
    const seen: RunObject[] = [...first.items];
    let page = first;
    while (page.next) {
      page = await use().client.listRuns({ limit: 2, cursor: page.next });
      seen.push(...page.items);
    }
    expect(new Set(seen.map((run) => run.id)).size).toBe(seen.length);
    const numbers = seen.map((run) => run.number);
    expect(numbers).toEqual(numbers.toSorted((a, b) => b - a));
    const second = await use().client.listRuns({ limit: 2, cursor: first.next });
    const back = await use().client.listRuns({ limit: 2, cursor: second.prev });
    expect(back.items.map((run) => run.id)).toEqual(first.items.map((run) => run.id));
  });

  test('a cursor of another filter, and one that is none of ours, are refused', async () => {
    for (let count = 0; count < 3; count += 1) await startRun();
    const { next } = await use().client.listRuns({ limit: 1 });
    expect(await refusalOf(use().client.listRuns({ cursor: next, status: 'ended' }))).toMatchObject({
      code: 'cursor-foreign',
    });
    expect(await refusalOf(use().client.listRuns({ cursor: 'x' }))).toMatchObject({
      status: 400,
      code: 'cursor-invalid',
    });
  });

  test('unknown parameters and fields, and what is no JSON, are 400', async () => {
    expect(await ask('/api/v1/runs?colour=red')).toMatchObject({ status: 400 });
    expect(await ask('/api/v1/runs', 'test-token', 'POST', '{')).toMatchObject({ status: 400 });
    const body = JSON.stringify({ ...use().request(), colour: 'red' });
    const answer = await ask('/api/v1/runs', 'test-token', 'POST', body);
    expect(JSON.parse(answer.body)).toMatchObject({
      status: 400,
      code: 'field-unknown',
      detail: expect.stringContaining('colour'),
    });
  });

  test('a value that is wrong is 422 and points at itself', async () => {
    const body = JSON.stringify(use().request({ root: 'relative', maxParallel: 0 }));
    const answer = await ask('/api/v1/runs', 'test-token', 'POST', body);
    expect(JSON.parse(answer.body)).toMatchObject({
      status: 422,
      code: 'values-invalid',
      errors: [{ pointer: '/root' }, { pointer: '/maxParallel' }],
    });
  });

  test('a wrong token is 401, an unknown path 404, each with a request id', async () => {
    const refused = await ask('/api/v1/runs', 'wrong');
    expect(refused).toMatchObject({ status: 401, type: 'application/problem+json' });
    expect(JSON.parse(refused.body)).toMatchObject({ code: 'not-signed-in', requestId: refused.requestId });
    expect(await ask('/api/v1/weather')).toMatchObject({ status: 404, type: 'application/problem+json' });
    expect(await ask('/health', 'wrong')).toMatchObject({ status: 200 });
  });

  test('why names the need that did not succeed', async () => {
    const run = await startRun();
    const reason = { code: 'need-failed', message: 'needs build: failed', values: { need: 'build' } };
    await playBatch(use(), run, 1, {
      nodes: [
        node('build', ended('failed')),
        node('test', { kind: 'ended', ending: 'not-run', reason, at: run.createdAt }),
      ],
    });
    expect(await use().client.explainStage(run.label, 'test')).toMatchObject({
      stage: 'test',
      reason,
      needs: [{ to: 'build', on: 'success', ending: 'failed', met: false }],
    });
    expect(await refusalOf(use().client.explainStage(run.label, 'tset'))).toMatchObject({ code: 'stage-unknown' });
  });

  test('the plan of an open run, which may grow, is asked for anew; that of an ended one is kept', async () => {
    const run = await startRun();
    const keeping = async () => (await use().fetch(`/api/v1/runs/${run.id}/plan`)).headers.get('cache-control');
    expect(await keeping()).toBe('private, no-cache');
    await playBatch(use(), run, 1, { run: ended('passed') });
    expect(await keeping()).toContain('immutable');
  });

  test('plan, graph and events of a run are there', async () => {
    const run = await startRun();
    await playBatch(use(), run, 1, { nodes: [node('build', running)], run: running });
    expect((await use().client.getPlan(run.id)).digest).toBe(run.planDigest);
    expect(JSON.parse((await ask(`/api/v1/runs/${run.id}/graph`)).body)).toMatchObject({
      nodes: [{ name: 'build' }, { name: 'test' }],
      edges: [{ from: 'build', to: 'test', on: 'success' }],
    });
    const { items } = JSON.parse((await ask(`/api/v1/runs/${run.id}/events`)).body) as { items: { name: string }[] };
    expect(items.map((item) => item.name)).toEqual(['', '', 'build']);
  });
});
