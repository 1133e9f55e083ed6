import { describe, expect, test } from 'vitest';
import { createGitFacts, sendRun } from '#test/env/send-run.ts';
import { ended, playBatch } from '#test/env/use-api.ts';
import { useServer } from '#test/env/use-server.ts';

const TEXT = 'stage "a" {\n  image "busybox:1.37"\n  run "true"\n}\n';

describe('filters of runs', () => {
  const use = useServer();
  const start = async (pipeline: string, branch: string, as: 'ann' | 'bo', ending: 'passed' | 'failed' | null) => {
    const { body } = await use()[as]('POST', `/pipelines/${pipeline}/runs`, { branch });
    if (ending) await playBatch(use().api, body, 1, { run: ended(ending) });
  };
  const list = async (query: string) => {
    const { status, body } = await use().vic('GET', `/runs?workspace=acme/shop&total=true${query}`);
    expect(status).toBe(200);
    const labels = body.items.map(({ label }: { label: string }) => label).toSorted();
    expect(body.total).toBe(labels.length);
    return labels;
  };

  test('each is asked for and excluded, and the total is of what is left', async () => {
    for (const name of ['one', 'two']) await use().ann('POST', '/pipelines?workspace=acme/shop', { name, text: TEXT });
    await start('one', 'main', 'ann', 'passed');
    await start('one', 'next', 'bo', 'failed');
    await start('two', 'main', 'bo', null);
    expect(await list('')).toEqual(['one#1', 'one#2', 'two#1']);
    expect(await list('&branch=main')).toEqual(['one#1', 'two#1']);
    expect(await list('&notBranch=main')).toEqual(['one#2']);
    expect(await list('&notStartedBy=user:ann')).toEqual(['one#2', 'two#1']);
    expect(await list('&notPipeline=one')).toEqual(['two#1']);
    expect(await list('&notState=passed&notState=failed')).toEqual(['two#1']);
    expect(await list('&notState=ended')).toEqual(['two#1']);
    expect(await list('&branch=main&notPipeline=two')).toEqual(['one#1']);
    expect(await list('&ending=failed&notBranch=next')).toEqual([]);
  });

  test('a commit has a subject and an author, by whom runs are found, and a commit that is only named has neither', async () => {
    const git = createGitFacts();
    const sent = await sendRun(use(), { file: 'ci/build.kdl', text: TEXT, git });
    const words = { subject: 'Round half up', author: 'Cy Lee <cy@example.org>' };
    expect(sent).toMatchObject({ status: 201, body: { commit: git.sha, git: { sha: git.sha, ...words } } });
    await use().ann('POST', '/pipelines/one/runs', { branch: 'main', commit: 'c0ffee0' });
    const { body: named } = await use().vic('GET', '/pipelines/one/runs/3');
    expect(named).toMatchObject({ commit: 'c0ffee0', git: { sha: 'c0ffee0', subject: null, author: null } });
    for (const author of ['cy lee', 'CY@example.org']) {
      expect(await list(`&author=${encodeURIComponent(author)}`)).toEqual(['remote/1']);
      expect(await list(`&notAuthor=${encodeURIComponent(author)}`)).toEqual(['one#1', 'one#2', 'one#3', 'two#1']);
    }
    expect(await list('&author=cy')).toEqual([]);
    expect(await list('&author=ann')).toEqual(['one#1', 'one#3']);
    expect(await list('&author=user:ann&notAuthor=bo')).toEqual(['one#1', 'one#3']);
    const { items } = (await use().vic('GET', '/pipelines?workspace=acme/shop&origin=remote')).body;
    expect(items).toMatchObject([{ lastRun: { subject: 'Round half up' } }]);
  });

  test('what a commit says reorders nothing, breaks no list and is no longer than a line', async () => {
    const message = `a\u202eb<script>${'x'.repeat(1_000)}\nsecond`;
    const git = createGitFacts({ message, author: '\u2066Eve <eve@example.org>' });
    const { status, body } = await sendRun(use(), { file: 'ci/odd.kdl', text: TEXT, git });
    expect(status).toBe(201);
    expect(body.git.subject).toMatch(/^a b<script>x+…$/);
    expect([body.git.subject.length, body.git.author]).toEqual([200, 'Eve <eve@example.org>']);
    expect(await list('&author=eve')).toEqual([body.label]);
  });

  test('a total is there when it is asked for alone, and of the pages before and after too', async () => {
    const without = await use().vic('GET', '/runs?workspace=acme/shop');
    expect(without.body).not.toHaveProperty('total');
    const first = await use().vic('GET', '/runs?workspace=acme/shop&total=true&limit=2');
    expect(first.body).toMatchObject({ total: 6, items: [{}, {}] });
    const next = await use().vic('GET', `/runs?workspace=acme/shop&total=true&limit=2&cursor=${first.body.next}`);
    expect(next.body).toMatchObject({ total: 6, items: [{}, {}] });
  });

  test('what nothing is called is refused', async () => {
    expect(await use().vic('GET', '/runs?workspace=acme/shop&notState=green')).toMatchObject({ status: 422 });
    expect(await use().vic('GET', '/runs?workspace=acme/shop&branch=a&branch=b')).toMatchObject({ status: 400 });
    expect(await use().mallory('GET', '/runs?workspace=acme/shop&total=true')).toMatchObject({
      body: { items: [], total: 0 },
    });
  });
});
