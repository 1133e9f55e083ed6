import { beforeEach, describe, expect, test } from 'vitest';
import type { Ending } from '#core/ending.ts';
import { asJson } from '#db/client.ts';
import { ended, node, playBatch } from '#test/env/use-api.ts';
import { useServer } from '#test/env/use-server.ts';

const TEXT = `on "push" branches="main"

on "manual"
stage "build" {
  image "busybox:1.37"
  run "true"
}
stage "ship" needs="build" {
  image "busybox:1.37"
  when "git.branch == 'main'"
  run "true"
}
`;

describe('what the runs of a pipeline say of it', () => {
  const use = useServer();
  let made = 0;
  let pipeline: string;
  beforeEach(async () => {
    const name = `told-${++made}`;
    pipeline = (await use().ann('POST', '/pipelines?workspace=acme/shop', { name, text: TEXT })).body.id;
  });
  const run = async (branch: string, build: Ending, tookMs: number, earlier: Ending[] = []) => {
    const { body } = await use().ann('POST', `/pipelines/${pipeline}/runs`, { branch, commit: 'abcdef0' });
    const { api } = use();
    await playBatch(api, body, 1, { run: ended(build), nodes: [node('build', ended(build))] });
    const all = [...earlier, build];
    for (const [index, ending] of all.entries()) {
      const end = new Date(Date.parse('2026-01-01T00:00:00Z') + tookMs).toISOString();
      await api.database`
        INSERT INTO attempts (run_id, workspace_id, stage, attempt, status, started_at, ended_at, order_key)
        SELECT id, workspace_id, 'build', ${index + 1}, ${asJson(api.database, ended(ending))}, '2026-01-01T00:00:00Z', ${end}, 1
        FROM runs WHERE id = ${body.id}`;
    }
    await api.database`UPDATE stages SET attempt_count = ${all.length} WHERE run_id = ${body.id} AND name = 'build'`;
  };
  const statistics = async () => (await use().vic('GET', `/pipelines/${pipeline}/statistics`)).body;

  test('half of the passed attempts of a stage took no longer than its p50', async () => {
    expect(await statistics()).toEqual({ runs: 0, stages: [], flaky: [] });
    for (const tookMs of [1_000, 3_000, 2_000]) await run('main', 'passed', tookMs);
    expect(await statistics()).toEqual({
      runs: 3,
      stages: [{ name: 'build', passed: 3, p50Ms: 2_000 }],
      flaky: [],
    });
  });

  test('a stage is flaky that passed and failed on one commit and plan, in two runs or in two attempts', async () => {
    await run('main', 'passed', 1_000);
    await run('main', 'errored', 1_000);
    expect(await statistics()).toMatchObject({ flaky: [] });
    await run('main', 'passed', 1_000, ['errored', 'failed']);
    expect(await statistics()).toMatchObject({ flaky: [{ name: 'build', times: 1 }] });
    await run('main', 'failed', 1_000);
    expect(await statistics()).toMatchObject({ runs: 4, flaky: [{ name: 'build', times: 2 }] });
  });

  test('branches are those of its runs, with the newest run of each', async () => {
    for (const branch of ['main', 'feature', 'main']) await run(branch, 'passed', 1_000);
    const { body } = await use().vic('GET', `/pipelines/${pipeline}/branches`);
    expect(body.items).toMatchObject([
      { name: 'main', run: { number: 3 } },
      { name: 'feature', run: { number: 2 } },
    ]);
    expect(await use().mallory('GET', `/pipelines/${pipeline}/branches`)).toMatchObject({ status: 404 });
    expect(await use().mallory('GET', `/pipelines/${pipeline}/statistics`)).toMatchObject({ status: 404 });
  });

  test('the graph says what the file is started by and on which line, a dry run what is kept out', async () => {
    const { body } = await use().vic('GET', `/pipelines/${pipeline}/graph`);
    expect(body.triggers).toMatchObject([
      { line: 1, trigger: { on: 'push', branches: ['main'] } },
      { line: 3, trigger: { on: 'manual' } },
    ]);
    const path = `/pipelines/${pipeline}/runs?dryRun=true`;
    expect((await use().bo('POST', path, { branch: 'feature' })).body.excluded).toEqual([
      { name: 'ship', expression: "git.branch == 'main'", values: { 'git.branch': 'feature' } },
    ]);
    expect((await use().bo('POST', path, { branch: 'main' })).body.excluded).toEqual([]);
  });
});
