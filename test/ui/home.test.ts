import { expect, test } from 'vitest';
import type { GateState } from '#core/run.ts';
import { describeWith } from '#test/env/describe-with.ts';
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
  const start = async (name: string) => {
    const { ann } = ui();
    await ann('POST', '/pipelines?workspace=acme/shop', { name, text: TEXT });
    return (await ann('POST', `/pipelines/${name}/runs`, {})).body as { id: string };
  };

  test('what waits for me comes by itself, and goes when somebody has decided', async () => {
    const { api, visit } = ui();
    const page = await visit('/acme/shop', 'bo');
    await page.getByText('Nothing waits for you').waitFor();
    const run = await start('asking');
    await playBatch(api, run, 1, { gates: [OPEN] });
    const row = page.getByRole('listitem').filter({ hasText: 'asking #1' });
    await row.getByRole('button', { name: 'Approve' }).waitFor();
    await row.getByText('0 of 1 of bo').waitFor();
    expect(await page.getByRole('link', { name: 'Home' }).textContent()).toContain('1');
    await playBatch(api, run, 2, { gates: [{ ...OPEN, status: ended('passed') }] });
    await page.getByText('Nothing waits for you').waitFor();
  });

  test('eight tabs of one browser all load and are all told', async () => {
    const { api, visit, origin } = ui();
    const first = await visit('/acme/shop', 'bo');
    const others = await Promise.all(Array.from({ length: 7 }, () => first.context().newPage()));
    await Promise.all(others.map((page) => page.goto(`${origin}/acme/shop`)));
    const run = await start('eight');
    await playBatch(api, run, 1, { gates: [OPEN] });
    for (const page of [first, ...others]) await page.getByText('eight #1').waitFor();
    await playBatch(api, run, 2, { gates: [{ ...OPEN, status: ended('passed') }] });
    for (const page of [first, ...others]) await page.getByText('eight #1').waitFor({ state: 'detached' });
  });

  test.each(['dark', 'light'] as const)('with gates and broken runs it is accessible, %s', async (theme) => {
    const { api, visit } = ui();
    const [asking, broken] = [await start(`asks-${theme}`), await start(`breaks-${theme}`)];
    await playBatch(api, asking, 1, { gates: [OPEN] });
    await playBatch(api, broken, 1, { run: ended('failed') });
    for (const width of [1280, 390]) {
      const page = await visit('/acme/shop', 'bo', { theme, width });
      await page.getByRole('heading', { name: /Broken now/ }).waitFor();
      await page.getByRole('heading', { name: /Waits for me/ }).waitFor();
      await expectAccessible(page);
      await takeScreenshot(page, 'home-busy');
    }
  });

  test('a gate is decided by keyboard alone, and the focus is never lost', async () => {
    const { api, visit } = ui();
    await playBatch(api, await start('keyed'), 1, { gates: [OPEN] });
    const page = await visit('/acme/shop', 'bo');
    await page.getByRole('listitem').filter({ hasText: 'keyed #1' }).waitFor();
    await page.keyboard.press('j');
    expect(await page.evaluate(() => document.activeElement?.hasAttribute('data-row'))).toBe(true);
    await page.keyboard.press('a');
    await page.getByRole('dialog').waitFor();
    await expectAccessible(page);
    await takeScreenshot(page, 'approve');
    await page.keyboard.press('Escape');
    expect(await page.evaluate(() => document.activeElement?.hasAttribute('data-row'))).toBe(true);
  });

  test.each([403, 404, 500])('an inbox that is answered with %i says so and offers to try again', async (status) => {
    const { visit, forgive, origin } = ui();
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
