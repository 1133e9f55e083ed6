import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { asJson } from '#db/client.ts';
import { describeWith } from '#test/env/describe-with.ts';
import { AT, ended, node, playBatch } from '#test/env/use-api.ts';
import { expectAccessible } from './accessibility.ts';
import { takeScreenshot } from './screenshot.ts';
import { useUi } from './use-ui.ts';

const stage = (name: string, more = 'run "true"') => `stage "${name}" {\n  image "busybox:1.37"\n  ${more}\n}\n`;

const panel = (page: Page, title: string) =>
  page.locator('section').filter({ has: page.getByRole('heading', { name: title, exact: true }) });

describeWith(['chromium'], 'two runs side by side', () => {
  const ui = useUi();
  const save = async (name: string, text: string) => {
    const { status } = await ui().ann('POST', '/pipelines?workspace=acme/shop', { name, text });
    // A second try of the test finds it there.
    if (status === 409) await ui().ann('PUT', `/pipelines/${name}/text`, { text }, { 'If-Match': '*' });
  };
  const change = (name: string, text: string) =>
    ui().ann('PUT', `/pipelines/${name}/text`, { text }, { 'If-Match': '*' });
  const start = async (name: string, commit: string) =>
    (await ui().bo('POST', `/pipelines/${name}/runs`, { branch: 'main', commit })).body as {
      id: string;
      number: number;
    };
  const attempt = async (run: { id: string }, name: string, seconds: number, found: string) => {
    const { database } = ui().api;
    const result = asJson(database, { caches: [{ name: 'npm', key: 'k', found }] });
    const endedAt = new Date(Date.parse(AT) + seconds * 1_000).toISOString();
    await database`
      INSERT INTO attempts (run_id, stage, attempt, status, result, started_at, ended_at, order_key)
      VALUES (${run.id}, ${name}, 1, ${asJson(database, ended('passed'))}, ${result}, ${AT}, ${endedAt}, 1)`;
  };

  for (const [theme, width] of [
    ['dark', 1280],
    ['light', 390],
  ] as const) {
    test(`differ by commit, plan, durations and caches, and what is open comes in place (${theme}, ${width})`, async () => {
      const name = `sides-${theme}`;
      await save(name, stage('build', 'env CI="1"\n  run "make"') + stage('test'));
      const base = await start(name, '3f2a9c1d');
      await change(name, stage('build', 'env CI="2"\n  run "make all"') + stage('test'));
      const head = await start(name, '8be21f00');
      await attempt(base, 'build', 4, 'key');
      await attempt(head, 'build', 9, 'nothing');
      const passed = ended('passed');
      await playBatch(ui().api, base, 1, { run: passed, nodes: [node('build', passed), node('test', passed)] });
      await playBatch(ui().api, head, 1, { nodes: [node('build', passed)] });
      const address = `/acme/shop/pipelines/${name}/compare?base=${base.number}&head=${head.number}`;
      const page = await ui().visit(address, 'vic', { theme, width });
      await page.getByText('From commit 3f2a9c1 to 8be21f0.').waitFor();
      await page.getByText('env.CI', { exact: true }).waitFor();
      await page.getByText('steps[1].script', { exact: true }).waitFor();
      await page.getByRole('heading', { name: 'Caches (1 of 1 hit before, 0 of 1 after)' }).waitFor();
      await page.getByText(/^\+5/).waitFor();
      const endings = panel(page, 'Endings that changed');
      await endings.getByText('Open').waitFor();
      await expectAccessible(page);
      await takeScreenshot(page, 'compare-caches');
      await playBatch(ui().api, head, 2, { run: ended('failed'), nodes: [node('test', ended('failed'))] });
      await endings.getByText('Failed').waitFor();
      expect(await endings.getByText('Open').count()).toBe(0);
    });
  }

  test('swap by a key, go to the next as far as there is one, and back', async () => {
    await save('moves', stage('build'));
    for (let count = 0; count < 3; count += 1) await start('moves', '3f2a9c1d');
    const page = await ui().visit('/acme/shop/pipelines/moves/compare?base=1&head=2', 'vic');
    await page.getByText('Both are of commit 3f2a9c1.').waitFor();
    await page.keyboard.press('n');
    await page.waitForURL('**/compare?base=1&head=3');
    await page.keyboard.press('s');
    await page.waitForURL('**/compare?base=3&head=1');
    await page.getByRole('link', { name: 'moves#3' }).waitFor();
    await page.keyboard.press('p');
    await page.getByText('There is no run 0 of moves').waitFor();
    expect(page.url()).toContain('base=3&head=1');
    ui().forgive(/404/);
  });

  test('without a stage in common have their lists beside one another, and that is said', async () => {
    await save('apart', stage('old'));
    const base = await start('apart', '3f2a9c1d');
    await change('apart', stage('new'));
    const head = await start('apart', '3f2a9c1d');
    const address = `/acme/shop/pipelines/apart/compare?base=${base.number}&head=${head.number}`;
    const page = await ui().visit(address, 'vic');
    await page.getByText('The two runs have no stage in common.').waitFor();
    await panel(page, `Stages of apart#${base.number}`).getByText('old').waitFor();
    await panel(page, `Stages of apart#${head.number}`).getByText('new').waitFor();
    await expectAccessible(page);
    await takeScreenshot(page, 'compare-apart');
  });
});
