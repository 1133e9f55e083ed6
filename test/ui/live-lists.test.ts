import { expect, test } from 'vitest';
import { describeWith } from '#test/env/describe-with.ts';
import { fresh } from '#test/env/fresh.ts';
import { ended, node, playBatch, running } from '#test/env/use-api.ts';
import { expectAccessible } from './accessibility.ts';
import { takeScreenshot } from './screenshot.ts';
import { useUi } from './use-ui.ts';

const TEXT = 'stage "test" {\n  image "busybox:1.37"\n  run "true"\n}\n';

describeWith(['chromium'], 'what lists and a pipeline show while things happen', () => {
  const ui = useUi();
  /** A pipeline of this try of the test; answers its name. */
  const create = async (about: string) => {
    const name = fresh(about);
    expect((await ui().ann('POST', '/pipelines?workspace=acme/shop', { name, text: TEXT })).status).toBe(201);
    return name;
  };
  const start = async (name: string) => (await ui().bo('POST', `/pipelines/${name}/runs`, { branch: 'main' })).body;
  const play = (run: { id: string }, batch: number, state: 'passed' | 'failed' | 'running') => {
    const status = state === 'running' ? running : ended(state);
    return playBatch(ui().api, run, batch, { run: status, nodes: [node('test', status)] });
  };

  test('a run that ends while the page of its pipeline opens is told', async () => {
    const opens = await create('opens');
    const run = await start(opens);
    await play(run, 1, 'running');
    const page = await ui().visit(`/acme/shop/pipelines?q=${opens}`, 'vic');
    let asked = 0;
    await page.route(new RegExp(`/api/v1/pipelines/${opens}\\?`), async (route) => {
      const response = await route.fetch();
      // Between the answer and the stream.
      if (asked++ === 0) await play(run, 2, 'passed');
      await route.fulfill({ response });
    });
    await page.getByRole('link', { name: opens, exact: true }).click();
    await page.getByRole('heading', { name: opens, level: 1 }).waitFor();
    await page.locator('header').getByText('Passed').first().waitFor();
    expect(asked).toBe(1);
  });

  test('a pipeline that is well again needs no attention any more', async () => {
    const mends = await create('mends');
    await play(await start(mends), 1, 'failed');
    const page = await ui().visit(`/acme/shop/pipelines?q=${mends}&attention=yes`, 'vic');
    await page.getByRole('link', { name: mends, exact: true }).waitFor();
    await page.mouse.move(5, 5);
    await play(await start(mends), 1, 'passed');
    await page.getByText('Nothing of these needs attention').waitFor();
    const without = page.getByRole('list', { name: 'Without one of the filters' });
    await without.getByRole('button', { name: `Without ${mends}: ` }).waitFor();
    await expectAccessible(page);
    await takeScreenshot(page, 'pipelines-nothing');
    await without.getByRole('button', { name: 'Without needs attention: 1' }).click();
    await page.getByRole('link', { name: mends, exact: true }).waitFor();
  });

  test('the pill counts runs that match alone; who leaves the filter goes with the pointer', async () => {
    const leaves = await create('leaves');
    const first = await start(leaves);
    await play(first, 1, 'running');
    const page = await ui().visit(`/acme/shop/runs?q=${leaves} status:running`, 'vic');
    const link = page.getByRole('link', { name: `${leaves} #1` });
    await link.hover();
    const second = await start(leaves);
    await play(second, 1, 'running');
    const pill = page.getByRole('button', { name: '1 newer' });
    await pill.waitFor();
    await play(second, 2, 'passed');
    await pill.waitFor({ state: 'detached' });
    await play(first, 2, 'passed');
    await page
      .getByRole('row', { name: `${leaves} #1` })
      .getByText('Passed')
      .waitFor();
    await page.mouse.move(5, 5);
    await link.waitFor({ state: 'detached' });
  });
});
