import { expect, test } from 'vitest';
import { describeWith } from '#test/env/describe-with.ts';
import { expectAccessible } from './accessibility.ts';
import { takeScreenshot } from './screenshot.ts';
import { useUi } from './use-ui.ts';

const TEXT = 'stage "a" {\n  image "busybox:1.37"\n  run "true"\n}\n';

describeWith(['chromium'], 'states of a whole page', () => {
  const ui = useUi();

  test.each(['dark', 'light'] as const)(
    'what was not found is named, searched for and left upwards, %s',
    async (theme) => {
      const page = await ui().visit('/acme/shop/pipelines/gone-api', 'ann', { theme });
      await page.getByText('There is no pipeline gone-api').waitFor();
      await expectAccessible(page);
      await takeScreenshot(page, 'not-found-object');
      await page.getByRole('button', { name: 'Search for gone-api' }).click();
      expect(await page.getByRole('combobox', { name: 'Search and act' }).inputValue()).toBe('gone-api');
      await page.keyboard.press('Escape');
      await page.getByRole('link', { name: 'Go up' }).click();
      await page.waitForURL(/\/acme\/shop\/pipelines$/);
      ui().forgive(/404/);
    },
  );

  test.each([
    ['dark', 1280],
    ['light', 390],
  ] as const)('a refusal names the right, who can give it, and the request, %s at %i px', async (theme, width) => {
    const { visit, forgive } = ui();
    const page = await visit('/acme/shop/audit', 'vic', { theme, width });
    await page.getByText('audit:read').first().waitFor();
    await page
      .getByText(/maintainer of the workspace/)
      .first()
      .waitFor();
    await page.getByText('It can be given by ann.').waitFor();
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await page.getByRole('button', { name: 'Copy request' }).click();
    await page.getByText('The request is copied').waitFor();
    const copied = await page.evaluate(() => navigator.clipboard.readText());
    expect(copied).toContain('Please give me the right audit:read in acme/shop');
    expect(copied).toContain('/acme/shop/audit');
    await expectAccessible(page);
    await takeScreenshot(page, 'refused');
    forgive(/403/);
  });

  test('signed in again in another tab, this one goes on by itself with what was typed', async () => {
    const { origin, visit, forgive } = ui();
    await ui().ann('POST', '/pipelines?workspace=acme/shop', { name: 'drafted', text: TEXT });
    const page = await visit('/acme/shop/pipelines', 'bo');
    await page.getByText('drafted').first().waitFor();
    const problem = {
      ...{ type: 'about:blank', title: 'Not signed in', status: 401, detail: 'nobody is signed in' },
      ...{ code: 'not-signed-in', requestId: 'r-1', retry: 'no', errors: [] },
    };
    const answer = { status: 401, contentType: 'application/problem+json', body: JSON.stringify(problem) };
    await page.route('**/api/v1/**', (route) => route.fulfill(answer));
    await page.locator('main [data-filter]').fill('draf');
    const dialog = page.getByRole('dialog', { name: 'Sign in again' });
    await dialog.waitFor();
    await page.unroute('**/api/v1/**');
    // As after a sign-in there: a page of the interface begins.
    const other = await page.context().newPage();
    await other.goto(`${origin}/acme/shop`);
    await other.getByRole('heading', { name: 'Home', level: 1 }).waitFor();
    await dialog.waitFor({ state: 'detached' });
    expect(await page.locator('main [data-filter]').inputValue()).toBe('draf');
    forgive(/401/);
  });
});
