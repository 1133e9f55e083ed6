import { expect, onTestFinished, test } from 'vitest';
import type { RunObject } from '#core/rest.ts';
import type { GateState } from '#core/run.ts';
import { describeWith } from '#test/env/describe-with.ts';
import { fresh } from '#test/env/fresh.ts';
import { AT, ended, playBatch } from '#test/env/use-api.ts';
import { expectAccessible } from './accessibility.ts';
import { takeScreenshot } from './screenshot.ts';
import { useUi } from './use-ui.ts';

const TEXT =
  'gate "ship" {\n  approve from="user:bo"\n}\nstage "build" needs="ship" {\n  image "busybox:1.37"\n  run "true"\n}\n';
const OPEN: GateState = {
  name: 'ship',
  status: { kind: 'waiting', reason: { code: 'gate', message: 'waits for a decision' } },
  ...{ openedAt: AT, expiresAt: null, remindedAt: null, decisions: [], unmet: [{ from: 'user:bo', min: 1 }] },
};

describeWith(['chromium'], 'the home page', () => {
  const ui = useUi();
  /** The first run of a pipeline of this try of the test, and what Home calls it. */
  const start = async (about: string, text = TEXT) => {
    const { ann } = ui();
    const name = fresh(about);
    await ann('POST', '/pipelines?workspace=acme/shop', { name, text });
    const run: RunObject = (await ann('POST', `/pipelines/${name}/runs`, {})).body;
    return { run, shown: `${name} #1` };
  };
  /** Opens the gate of a run. What the answer does is done at the end of the test too: nothing waits for the next. */
  const open = async (run: RunObject, more: Partial<GateState> = {}) => {
    const pass = () => playBatch(ui().api, run, 2, { gates: [{ ...OPEN, status: ended('passed') }] });
    onTestFinished(pass);
    await playBatch(ui().api, run, 1, { gates: [{ ...OPEN, ...more }] });
    return pass;
  };

  test('what waits for me comes by itself, and goes when somebody has decided', async () => {
    const page = await ui().visit('/acme/shop', 'bo');
    await page.getByText('Nothing waits for you').waitFor();
    const { run, shown } = await start('asking');
    const pass = await open(run);
    const row = page.getByRole('listitem').filter({ hasText: shown });
    await row.getByRole('button', { name: 'Approve' }).waitFor();
    await row.getByText('0 of 1 of bo').waitFor();
    expect(await page.getByRole('link', { name: 'Home' }).textContent()).toContain('1');
    await pass();
    await page.getByText('Nothing waits for you').waitFor();
  });

  test('eight tabs of one browser all load and are all told', async () => {
    const { visit, origin } = ui();
    const first = await visit('/acme/shop', 'bo');
    const others = await Promise.all(Array.from({ length: 7 }, () => first.context().newPage()));
    await Promise.all(others.map((page) => page.goto(`${origin}/acme/shop`)));
    const { run, shown } = await start('eight');
    const pass = await open(run);
    for (const page of [first, ...others]) await page.getByText(shown).waitFor();
    await pass();
    for (const page of [first, ...others]) await page.getByText(shown).waitFor({ state: 'detached' });
  });

  test.each(['dark', 'light'] as const)('with gates and broken runs it is accessible, %s', async (theme) => {
    const { api, visit } = ui();
    const [asking, broken] = [await start(`asks-${theme}`), await start(`breaks-${theme}`)];
    await open(asking.run);
    await playBatch(api, broken.run, 1, { run: ended('failed') });
    for (const width of [1280, 390]) {
      const page = await visit('/acme/shop', 'bo', { theme, width });
      await page.getByRole('heading', { name: /Broken now/ }).waitFor();
      await page.getByRole('heading', { name: /Waits for me/ }).waitFor();
      await expectAccessible(page);
      await takeScreenshot(page, 'home-busy');
    }
  });

  test('a gate is decided by keyboard alone, and the focus is never lost', async () => {
    const { run, shown } = await start('keyed');
    await open(run);
    const page = await ui().visit('/acme/shop', 'bo');
    await page.getByRole('listitem').filter({ hasText: shown }).waitFor();
    await page.keyboard.press('j');
    expect(await page.evaluate(() => document.activeElement?.hasAttribute('data-row'))).toBe(true);
    await page.keyboard.press('a');
    await page.getByRole('dialog').waitFor();
    await expectAccessible(page);
    await takeScreenshot(page, 'approve');
    await page.keyboard.press('Escape');
    expect(await page.evaluate(() => document.activeElement?.hasAttribute('data-row'))).toBe(true);
  });

  test('gates of one environment are chosen by key and approved together, each listed', async () => {
    const { api, ann, visit } = ui();
    const shown: string[] = [];
    for (const [name, environment] of [
      ...[['first', 'production'] as const, ['second', 'production'] as const, ['third', 'staging'] as const],
    ]) {
      await ann('POST', '/environments?workspace=acme/shop', { name: environment });
      const started = await start(name, TEXT.replace('image', `environment "${environment}"\n  image`));
      await open(started.run, { expiresAt: new Date(Date.now() + 300_000).toISOString() });
      shown.push(started.shown);
    }
    const [first = '', second = '', third = ''] = shown;
    api.workflows.answer(() => ({ kind: 'accepted' }));
    const page = await visit('/acme/shop', 'bo');
    await page.getByText(first).waitFor();
    const rowOf = (hasText: string) => page.getByRole('listitem').filter({ hasText });
    await rowOf(first)
      .getByText(/expires in 4m/)
      .waitFor();
    for (const name of [first, second]) {
      await rowOf(name).focus();
      await page.keyboard.press('Space');
    }
    await page.getByText('2 chosen').waitFor();
    const other = rowOf(third).getByRole('checkbox');
    expect(await other.getAttribute('aria-disabled')).toBe('true');
    expect(await other.isChecked()).toBe(false);
    await expectAccessible(page);
    await takeScreenshot(page, 'home-chosen');
    await page.keyboard.press('a');
    const dialog = page.getByRole('dialog', { name: 'Approve 2 gates of production of acme/shop' });
    await dialog.getByText(second).waitFor();
    await expectAccessible(page);
    await takeScreenshot(page, 'approve-together');
    const before = api.workflows.updates.length;
    await dialog.getByRole('button', { name: 'Approve 2' }).click();
    await page.getByText('2 approved').waitFor();
    expect(api.workflows.updates.length - before).toBe(2);
  });

  test('what is broken says by which commit, and is run again from its row', async () => {
    const { api, ann, visit } = ui();
    const text = 'stage "a" {\n  image "busybox:1.37"\n  run "true"\n}\n';
    const culprit = fresh('culprit');
    await ann('POST', '/pipelines?workspace=acme/shop', { name: culprit, text });
    for (const commit of ['aaaaaaabbbb', 'cccccccdddd']) {
      const run = (await ann('POST', `/pipelines/${culprit}/runs`, { commit })).body as { id: string };
      await playBatch(api, run, 1, { run: ended('failed') });
    }
    const page = await visit('/acme/shop?section=broken', 'bo');
    const row = page.getByRole('listitem').filter({ hasText: `${culprit} #2` });
    await row.getByRole('link', { name: 'aaaaaaa' }).waitFor();
    await expectAccessible(page);
    await row.getByRole('button', { name: 'Re-run' }).click();
    await page.getByRole('dialog', { name: `Re-run ${culprit}#2` }).waitFor();
    await expectAccessible(page);
  });

  test('who has nothing to do sees what was decided last; an operator sees what of the installation fails', async () => {
    const { visit, origin } = ui();
    const page = await visit('/login', null);
    await page.context().addCookies([cookieOf(ui().people.vic.cookie, origin)]);
    const quiet = { waiting: [], faults: [], broken: [], mine: [], soon: [], decided: [] };
    const decision = {
      ...{ gate: 'ship', verdict: 'approve', by: 'user:bo', at: AT, label: 'shop-api#3' },
      ...{ url: '/acme/shop/pipelines/shop-api/runs/3', workspace: 'acme/shop' },
    };
    const fault = { id: 'workers', label: 'Workers', value: 'none', remedy: 'start one', since: AT };
    let inbox: object = { ...quiet, decided: [decision] };
    await page.route('**/api/v1/me/inbox', (route) => route.fulfill({ json: inbox }));
    // The stream of this page alone, which tells nothing: what it shows is the test's own.
    await page.addInitScript(() => Reflect.deleteProperty(window, 'SharedWorker'));
    await page.route('**/api/v1/stream?*', () => {});
    await page.goto(`${origin}/acme/shop`);
    await page.getByRole('list', { name: 'Last decisions' }).getByText('bo approved').waitFor();
    await expectAccessible(page);
    await takeScreenshot(page, 'home-quiet');
    inbox = { ...quiet, faults: [fault] };
    await page.reload();
    const row = page.getByRole('listitem').filter({ hasText: 'Workers' });
    await row.getByText('none: start one').waitFor();
    await row.getByRole('link', { name: 'Health' }).waitFor();
    // The figure is drawn over the ground, which is filled.
    const figure = row.getByRole('img', { name: 'Fails (platform)' }).locator('path').last();
    expect(await figure.getAttribute('d')).toContain('h.01');
    await expectAccessible(page);
    await takeScreenshot(page, 'home-fault');
  });

  test.each([403, 404, 500])('an inbox that is answered with %i says so and offers to try again', async (status) => {
    const { visit, forgive, origin } = ui();
    await open((await start('unread')).run);
    const page = await visit('/login', null);
    await page.context().addCookies([cookieOf(ui().people.bo.cookie, origin)]);
    const problem = {
      type: 'about:blank',
      title: 'No',
      status,
      detail: 'the inbox is away',
      code: 'away',
      requestId: 'r-1',
    };
    await page.route('**/api/v1/me/inbox', (route) =>
      route.fulfill({
        status,
        contentType: 'application/problem+json',
        body: JSON.stringify({ ...problem, retry: 'no', errors: [] }),
      }),
    );
    await page.goto(`${origin}/acme/shop`);
    await page.getByText('The inbox is away.').waitFor();
    await page.getByText('r-1').waitFor();
    await expectAccessible(page);
    await page.unroute('**/api/v1/me/inbox');
    await page.getByRole('button', { name: 'Retry' }).click();
    await page.getByRole('heading', { name: /Waits for me/ }).waitFor();
    forgive(new RegExp(String(status)));
  });

  test('a sample whose answer is lost runs once, though it is pressed again', async () => {
    const { ann, visit, forgive } = ui();
    const name = fresh('samples');
    await ann('POST', '/workspaces?organization=acme', { name });
    const page = await visit(`/acme/${name}`, 'ann');
    let presses = 0;
    await page.route('**/api/v1/pipelines/*/runs', async (route) => {
      presses += 1;
      if (presses > 1) return route.continue();
      await route.fetch();
      return route.abort();
    });
    const run = page.getByRole('button', { name: 'Run sample-hello' });
    await run.click();
    await page
      .getByText(/the server cannot be reached/i)
      .first()
      .waitFor();
    await run.click();
    await page.waitForURL('**/pipelines/sample-hello/runs/1');
    const { body } = await ann('GET', `/runs?workspace=acme/${name}&pipeline=sample-hello`);
    expect(body.items).toHaveLength(1);
    forgive(/ERR_FAILED/);
  });

  test('an inbox that is never answered ends with a reason', async () => {
    const { visit, forgive, origin } = ui();
    const page = await visit('/login', null);
    await page.context().addCookies([cookieOf(ui().people.bo.cookie, origin)]);
    await page.route('**/api/v1/me/inbox', () => {});
    await page.goto(`${origin}/acme/shop`);
    await page.getByText('has not answered within 10 seconds').waitFor();
    await page.getByRole('button', { name: 'Retry' }).waitFor();
    forgive(/ERR_/);
  });
});

function cookieOf(text: string, url: string) {
  const [name = '', value = ''] = text.split('=');
  return { name, value, url };
}
