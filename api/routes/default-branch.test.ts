import { describe, expect, test } from 'vitest';
import type { InboxObject } from '#core/rest-inbox.ts';
import type { PipelineObject } from '#core/rest-pipelines.ts';
import type { RunObject } from '#core/rest.ts';
import { createPlan, createStagePlan } from '#test/env/plan.ts';
import { createGitFacts } from '#test/env/send-run.ts';
import { ended, playBatch, useApi } from '#test/env/use-api.ts';

describe('a default branch', () => {
  const use = useApi();
  /** A run of a file, on a branch of a work tree whose remote calls `main` its main line, or of none. */
  const start = async (
    file: string,
    branch: string | null,
    ending: 'passed' | 'failed' | 'cancelled' | 'rejected' | null,
  ) => {
    const { context, folder, client, request } = use();
    const git = branch === null ? null : createGitFacts({ branch });
    context.findSourceRoot = async () => ({
      ...{ root: folder, git, defaultBranch: git && 'main', repository: git && 'acme/shop' },
    });
    const plan = createPlan([createStagePlan('build')]);
    use().usePlan({ ...plan, pipeline: { ...plan.pipeline, name: file }, git });
    const run = await client.startRun(request({ file: `${folder}/${file}.kdl` }));
    if (ending) await playBatch(use(), run, 1, { run: ended(ending) });
    return run;
  };
  const read = async <Answer>(path: string) => (await (await use().fetch(`/api/v1/${path}`)).json()) as Answer;
  const find = async (file: string) => {
    const { items } = await read<{ items: PipelineObject[] }>(`pipelines?name=${file}`);
    return items[0];
  };
  const names = async (query: string) => {
    const { items } = await read<{ items: PipelineObject[] }>(`pipelines?${query}&sort=name`);
    return items.map(({ name }) => name);
  };
  const attention = () => names('attention=true');
  const broken = async () => (await read<InboxObject>('me/inbox')).broken;
  const labels = (...runs: (Pick<RunObject, 'label'> | undefined)[]) => runs.map((run) => run?.label);

  test('says how its pipeline stands, whatever newer runs of other branches do', async () => {
    const green = await start('shop', 'main', 'passed');
    for (const branch of ['next', 'main-2']) await start('shop', branch, 'failed');
    expect(await find('shop')).toMatchObject({
      ...{ lastRun: { branch: 'main-2' }, defaultRun: { label: green.label, branch: 'main' } },
    });
    expect([await attention(), await broken()]).toEqual([[], []]);
    const first = await start('shop', 'main', 'failed');
    await start('shop', 'main', 'cancelled');
    const last = await start('shop', 'main', 'failed');
    await start('shop', 'next', 'passed');
    expect(await attention()).toEqual(['shop']);
    expect(await names('name=shop&state=failed&branch=next')).toEqual(['shop']);
    expect(await names('name=shop&state=passed')).toEqual([]);
    expect(await names('name=shop&notState=failed')).toEqual([]);
    expect(await broken()).toMatchObject([{ label: last.label, first: { label: first.label } }]);
    const open = await start('shop', 'main', null);
    expect(await find('shop')).toMatchObject({ defaultRun: { label: open.label, status: { kind: 'queued' } } });
    expect(labels(...(await broken()))).toEqual(labels(last));
    await playBatch(use(), open, 1, { run: ended('passed') });
    expect([await attention(), await broken()]).toEqual([[], []]);
  });

  test('that never ran tells nothing', async () => {
    await start('fresh', 'next', 'failed');
    expect(await find('fresh')).toMatchObject({ lastRun: { branch: 'next' }, defaultRun: null });
    expect([await attention(), await broken()]).toEqual([[], []]);
  });

  test('that nobody named leaves every run to count', async () => {
    const run = await start('plain', null, 'failed');
    expect(await find('plain')).toMatchObject({ defaultBranch: null, defaultRun: { label: run.label } });
    expect(labels(...(await broken()))).toEqual([run.label]);
    await start('plain', null, 'rejected');
    expect([await attention(), await broken()]).toEqual([['plain'], []]);
  });
});
