import { describe, expect, test } from 'vitest';
import type { PipelineObject } from '#core/rest-pipelines.ts';
import type { RunObject } from '#core/rest.ts';
import { createPlan, createStagePlan } from '#test/env/plan.ts';
import { createGitFacts } from '#test/env/send-run.ts';
import { useApi } from '#test/env/use-api.ts';

describe('a local run of a work tree', () => {
  const use = useApi();
  const start = async (file: string, repository: string | null, defaultBranch: string | null) => {
    const git = createGitFacts();
    use().context.findSourceRoot = async () => ({ root: use().folder, git, defaultBranch, repository });
    use().usePlan({ ...createPlan([createStagePlan('build')]), git });
    return use().client.startRun(use().request({ file: `${use().folder}/${file}` }));
  };
  const list = async (path: string) => {
    const answer = await use().fetch(`/api/v1/${path}`);
    return ((await answer.json()) as { items: (RunObject & PipelineObject)[] }).items;
  };

  test('has branch, commit and repository, and is found by them', async () => {
    const run = await start('shop.kdl', 'git.example/acme/shop', 'main');
    await start('other.kdl', 'other_repo', null);
    const words = { subject: 'Round half up', author: 'Cy Lee <cy@example.org>' };
    const told = { branch: 'main', commit: createGitFacts().sha, git: words };
    expect(run).toMatchObject({ ...told, pipeline: { repository: 'git.example/acme/shop' } });
    expect(await use().client.getRun(run.id)).toMatchObject({ pipeline: { repository: 'git.example/acme/shop' } });
    const labels = async (query: string) => (await list(`runs?${query}`)).map(({ label }) => label);
    for (const name of ['shop', 'acme/shop', 'git.example/acme/shop']) {
      expect(await labels(`branch=main&repository=${encodeURIComponent(name)}`)).toEqual([run.label]);
    }
    expect(await labels('repository=hop')).toEqual([]);
    expect(await labels('repository=other%25repo')).toEqual([]);
    expect(await labels('notRepository=other_repo')).toEqual([run.label]);
  });

  test('its pipeline tells where the file comes from, as its newest run has it', async () => {
    await start('moved.kdl', 'git.example/old', 'trunk');
    await start('moved.kdl', 'git.example/new', null);
    const found = async (query: string) =>
      (await list(`pipelines?${query}`)).map(({ repository, defaultBranch }) => [repository, defaultBranch]);
    expect(await found('repository=new')).toEqual([['git.example/new', null]]);
    expect(await found('repository=old')).toEqual([]);
    expect(await found('notRepository=new&notRepository=shop')).toEqual([['other_repo', null]]);
    expect(await found('repository=shop')).toEqual([['git.example/acme/shop', 'main']]);
  });
});
