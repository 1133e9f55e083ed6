import { expect, test } from 'vitest';
import { describeWith } from '#test/env/describe-with.ts';
import { fresh } from '#test/env/fresh.ts';
import { createGitFacts, sendRun } from '#test/env/send-run.ts';
import { ended, node, playBatch, running } from '#test/env/use-api.ts';
import { expectAccessible } from './accessibility.ts';
import { listShifts, watchShifts } from './layout-shift.ts';
import { takeScreenshot } from './screenshot.ts';
import { useUi } from './use-ui.ts';

const TEXT = 'stage "test" {\n  image "busybox:1.37"\n  run "true"\n}\n';

describeWith(['chromium'], 'the list of runs', () => {
  const ui = useUi();
  /** A pipeline of this try of the test; answers its name. */
  const create = async (about: string) => {
    const name = fresh(about);
    expect((await ui().ann('POST', '/pipelines?workspace=acme/shop', { name, text: TEXT })).status).toBe(201);
    return name;
  };
  const run = async (name: string, state: 'passed' | 'failed' | 'running' | null, branch = 'main') => {
    const { body } = await ui().bo('POST', `/pipelines/${name}/runs`, { branch, commit: '3f2a9c1d' });
    if (state === null) return;
    const status = state === 'running' ? running : ended(state);
    await playBatch(ui().api, body, 1, { run: status, nodes: [node('test', status)] });
  };

  test('is narrowed by what a run is and is not, counted, and says which filter leaves nothing', async () => {
    const narrow = await create('narrow');
    await run(narrow, 'passed');
    await run(narrow, 'failed', 'next');
    await run(narrow, 'failed');
    const page = await ui().visit(`/acme/shop/runs?q=${narrow}`, 'vic');
    await page.getByText('3 of 3', { exact: true }).waitFor();
    const filter = page.getByLabel('Filter', { exact: true });
    await filter.fill(`${narrow} !status:passed branch:!next`);
    await filter.press('Enter');
    await page.getByText('1 of 1', { exact: true }).waitFor();
    await page.getByRole('link', { name: `${narrow} #3` }).waitFor();
    await page.waitForURL(`**/runs?q=${narrow}+%21status%3Apassed+branch%3A%21next`);
    await page.getByRole('button', { name: 'Remove the filter !status:passed' }).click();
    await page.getByText('2 of 2', { exact: true }).waitFor();
    await filter.fill(`${narrow} status:passed branch:next`);
    await filter.press('Enter');
    await page.getByText('No run is like that').waitFor();
    const without = page.getByRole('list', { name: 'Without one of the filters' });
    await without.getByRole('button', { name: 'Without branch:next: 1' }).waitFor();
    await expectAccessible(page);
    await takeScreenshot(page, 'runs-nothing');
    await without.getByRole('button', { name: 'Without status:passed: 1' }).click();
    await page.getByRole('link', { name: `${narrow} #2` }).waitFor();
  });

  test('tells what was committed and by whom, whatever a commit says', async () => {
    const message = '<img src=x onerror=alert(1)>\u202e Round half up';
    const git = createGitFacts({ message, author: 'Cy <b>Lee</b> <cy@example.org>' });
    const told = fresh('told');
    const sent = { file: `${told}.kdl`, text: `pipeline "${told}"\n${TEXT}`, git };
    const { status, body } = await sendRun(ui(), sent);
    expect(status).toBe(201);
    // Runs that were sent are counted together.
    const name = `${told} #${body.number}`;
    const page = await ui().visit(`/acme/shop/runs?q=${told}+author:cy@example.org`, 'vic');
    await page.getByText('1 of 1', { exact: true }).waitFor();
    const row = page.getByRole('row', { name });
    const words = '<img src=x onerror=alert(1)> Round half up';
    await row.getByText(words).waitFor();
    await takeScreenshot(page, 'runs-commit');
    await row.getByRole('link', { name }).click();
    await page.getByText(words, { exact: true }).waitFor();
    await page.getByText('c0ffee0').waitFor();
    expect(await page.locator('img').count()).toBe(0);
    await expectAccessible(page);
    await takeScreenshot(page, 'run-commit');
  });

  test('lets runs in while nobody points at it, and else tells how many are newer', async () => {
    const joins = await create('joins');
    for (let count = 0; count < 3; count += 1) await run(joins, 'passed');
    const page = await ui().visit(`/acme/shop/runs?q=${joins}`, 'vic');
    await page.getByRole('link', { name: `${joins} #3` }).waitFor();
    await watchShifts(page);
    await page.mouse.move(5, 5);
    await run(joins, 'failed');
    await page.getByRole('link', { name: `${joins} #4` }).waitFor();
    await page.getByText('4 of 4', { exact: true }).waitFor();
    await page.getByRole('link', { name: `${joins} #3` }).hover();
    await run(joins, 'passed');
    await run(joins, null);
    const pill = page.getByRole('button', { name: '2 newer' });
    await pill.waitFor();
    expect(await page.getByRole('link', { name: `${joins} #5` }).count()).toBe(0);
    await expectAccessible(page);
    await takeScreenshot(page, 'runs-newer');
    // The way from the rows to it is no leaving: nothing comes in under the press.
    await pill.hover();
    expect(await pill.count()).toBe(1);
    await pill.click();
    await page.getByRole('link', { name: `${joins} #6` }).waitFor();
    await page.getByText('6 of 6', { exact: true }).waitFor();
    expect(await pill.count()).toBe(0);
    const moved = (await listShifts(page)).reduce((sum, { value }) => sum + value, 0);
    expect(moved).toBeLessThanOrEqual(0.01);
  });

  test('cancels and runs again what is chosen, after one question with the states of all', async () => {
    const together = await create('together');
    for (const state of ['failed', 'failed', 'running', null] as const) await run(together, state);
    ui().api.workflows.answer(() => ({ kind: 'accepted' }));
    const page = await ui().visit(`/acme/shop/runs?q=${together}`, 'bo');
    await page.getByRole('link', { name: `${together} #4` }).waitFor();
    for (let row = 0; row < 3; row += 1) {
      await page.keyboard.press('j');
      await page.keyboard.press(' ');
    }
    await page.getByText('3 selected').waitFor();
    const cancel = page.getByRole('button', { name: /^Cancel 3/ });
    expect(await cancel.getAttribute('aria-disabled')).toBe('true');
    await cancel.focus();
    await page.getByRole('tooltip', { name: /has ended/ }).waitFor();
    await page.getByLabel(`Select ${together}#2`).uncheck();
    await page.keyboard.press('x');
    const dialog = page.getByRole('dialog', { name: 'Cancel 2 runs' });
    expect(await dialog.getByRole('list', { name: 'Runs by state' }).innerText()).toMatch(/1\s+Running\s+1\s+Queued/);
    await expectAccessible(page);
    await takeScreenshot(page, 'runs-cancel');
    const before = ui().api.workflows.updates.length;
    await dialog.getByRole('button', { name: 'Cancel 2 runs' }).click();
    await page.getByText('2 runs are being cancelled').waitFor();
    expect(ui().api.workflows.updates.length - before).toBe(2);
    expect(await page.getByText(/selected$/).count()).toBe(0);
    await page.getByLabel(`Select ${together}#1`).check();
    await page.getByLabel(`Select ${together}#2`).check();
    await page.getByRole('button', { name: /^Re-run 2/ }).click();
    const again = page.getByRole('dialog', { name: 'Re-run 2 runs' });
    expect(await again.getByLabel('What failed, and what depends on it').isChecked()).toBe(true);
    await expectAccessible(page);
    await takeScreenshot(page, 'runs-rerun');
    await again.getByRole('button', { name: 'Re-run 2 runs' }).click();
    await page.getByText(`Started: ${together}#1.2, ${together}#2.2`).waitFor();
    const { body } = await ui().vic('GET', `/pipelines/${together}/runs`);
    expect(body.items).toHaveLength(6);
  });

  test('a batch that the server refuses says why for each, and keeps what was chosen', async () => {
    const refused = await create('refused');
    await run(refused, 'running');
    const page = await ui().visit(`/acme/shop/runs?q=${refused}`, 'bo', { theme: 'light', width: 390 });
    await page.getByLabel(`Select ${refused}#1`).check();
    await page.route('**/runs/cancel?**', async (route) => {
      const { items } = (await ui().bo('GET', `/runs?workspace=acme/shop&pipeline=${refused}`)).body;
      await playBatch(ui().api, items[0], 2, { run: ended('passed') });
      await route.continue();
    });
    await page.getByRole('button', { name: /^Cancel 1/ }).click();
    const dialog = page.getByRole('dialog', { name: 'Cancel 1 run' });
    await dialog.getByRole('button', { name: 'Cancel 1 run' }).click();
    await dialog.getByText(`None was cancelled: ${refused}#1 has ended.`).waitFor();
    await expectAccessible(page);
    await takeScreenshot(page, 'runs-refused');
    ui().forgive(/409/);
  });

  test('a page that shows what is followed already opens no other stream', async () => {
    const followed = await create('followed');
    const page = await ui().visit('/login', null);
    const { cookie } = ui().people.ann;
    const [name = '', value = ''] = cookie.split('=');
    await page.context().addCookies([{ name, value, url: ui().origin }]);
    // The stream of this page alone: what a worker asks for is not seen.
    await page.addInitScript(() => Reflect.deleteProperty(window, 'SharedWorker'));
    let opened = 0;
    page.on('request', (request) => {
      if (request.url().includes('/api/v1/stream?')) opened += 1;
    });
    const first = page.waitForResponse((answer) => answer.url().includes('/api/v1/stream?'));
    await page.goto(`${ui().origin}/acme/shop/settings`);
    await first;
    const before = opened;
    await page.keyboard.press('g');
    await page.keyboard.press('h');
    await page.getByRole('heading', { name: 'Home', level: 1 }).waitFor();
    // Told over that same stream.
    await ui().ann('POST', `/pipelines/${followed}/runs`, {});
    await page.getByRole('main').getByText(followed).first().waitFor();
    expect(opened).toBe(before);
  });

  test('going from page to page the connection stays live', async () => {
    const steady = await create('steady');
    await run(steady, 'running');
    const page = await ui().visit(`/acme/shop/runs?q=${steady}`, 'vic');
    await page.getByText('Live', { exact: true }).waitFor();
    await page.getByRole('link', { name: `${steady} #1` }).waitFor();
    await page.evaluate(() => {
      const chip = [...document.querySelectorAll('header [role=status]')].find(
        ({ textContent }) => textContent === 'Live',
      );
      const words = new Set<string>();
      new MutationObserver(() => words.add(chip?.textContent ?? '')).observe(chip ?? document.body, {
        ...{ subtree: true, childList: true, characterData: true },
      });
      Object.assign(window, { words });
    });
    await page.getByRole('link', { name: `${steady} #1` }).click();
    await page.getByRole('heading', { name: /#1/ }).waitFor();
    for (const [key, area] of [
      ['p', 'pipelines'],
      ['u', 'runs'],
      ['p', 'pipelines'],
    ] as const) {
      await page.keyboard.press('g');
      await page.keyboard.press(key);
      await page.waitForURL(`**/acme/shop/${area}`);
      await page.getByRole('link', { name: steady }).first().waitFor();
    }
    // The stream is there: what happens elsewhere comes.
    await run(steady, 'failed');
    await page.getByRole('row', { name: steady }).getByText('Failed').waitFor();
    expect(await page.evaluate(() => [...(window as unknown as { words: Set<string> }).words])).toEqual([]);
  });
});
