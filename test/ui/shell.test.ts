import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { describeWith } from '#test/env/describe-with.ts';
import { fresh } from '#test/env/fresh.ts';
import { addPerson } from '#test/env/people.ts';
import { ended, playBatch } from '#test/env/use-api.ts';
import { expectAccessible } from './accessibility.ts';
import { listShifts, watchShifts } from './layout-shift.ts';
import { takeScreenshot } from './screenshot.ts';
import { useUi } from './use-ui.ts';

const VIEWS = [
  ['dark', 1280],
  ['light', 1280],
  ['dark', 390],
  ['light', 390],
] as const;

describeWith(['chromium'], 'the shell', () => {
  const ui = useUi();
  const openHome = async (options: Parameters<ReturnType<typeof ui>['visit']>[2] = {}) => {
    const page = await ui().visit('/acme/shop', 'ann', options);
    await page.getByText('Nothing waits for you').waitFor();
    return page;
  };
  const openPalette = async (page: Page) => {
    await page.keyboard.press('Control+k');
    await page.getByRole('combobox', { name: 'Search and act' }).waitFor();
  };

  test('who is not signed in is asked to, and comes back', async () => {
    const page = await ui().visit('/acme/shop', null);
    expect(new URL(page.url()).pathname).toBe('/login');
    await expectAccessible(page);
  });

  test.each(VIEWS)('home, palette and keys are accessible, %s at %i px', async (theme, width) => {
    const page = await openHome({ theme, width });
    await page.getByRole('heading', { name: 'First steps' }).waitFor();
    await expectAccessible(page);
    await takeScreenshot(page, 'home');
    await openPalette(page);
    await expectAccessible(page);
    await takeScreenshot(page, 'palette');
    await page.keyboard.press('Escape');
    await page.keyboard.press('?');
    await page.getByRole('dialog', { name: 'Keys' }).waitFor();
    await expectAccessible(page);
    await takeScreenshot(page, 'keys');
    await page.keyboard.press('Escape');
    await page.goto(`${ui().origin}/acme/shop/nowhere`);
    await page.getByText('There is no page').waitFor();
    await expectAccessible(page);
    await takeScreenshot(page, 'not-found');
  });

  test('the palette acts by keyboard alone and gives the focus back', async () => {
    const page = await openHome();
    await page.getByRole('button', { name: 'Theme' }).focus();
    await openPalette(page);
    await page.keyboard.type('theme li');
    await page.keyboard.press('Enter');
    await page.locator('html[data-theme=light]').waitFor();
    expect(await page.evaluate(() => document.activeElement?.getAttribute('aria-label'))).toBe('Theme');
    await page.reload();
    expect(await page.locator('html').getAttribute('data-theme')).toBe('light');
  });

  test('letters that are typed before the palette is there are its own', async () => {
    const page = await openHome();
    const released = Promise.withResolvers<void>();
    await page.route('**/assets/palette-*.js', async (route) => {
      await released.promise;
      await route.continue();
    });
    await page.keyboard.press('Control+k');
    await page.keyboard.type('the y');
    released.resolve();
    const field = page.getByRole('combobox', { name: 'Search and act' });
    await field.waitFor();
    await page.keyboard.type('?');
    expect(await field.inputValue()).toBe('the y?');
    expect(await page.getByRole('status').filter({ hasText: 'Link copied' }).count()).toBe(0);
  });

  test('the palette finds a pipeline that the server has', async () => {
    const { ann } = ui();
    const name = fresh('deploy-web');
    const text = `pipeline "${name}" { image "busybox:1.37" }\nstage "a" { run "true" }\n`;
    expect((await ann('POST', '/pipelines?workspace=acme/shop', { name, text })).status).toBe(201);
    const page = await openHome();
    await openPalette(page);
    await page.keyboard.type('dw');
    await page.getByRole('option', { name }).first().waitFor();
    await page.keyboard.press('ArrowRight');
    await page.getByRole('option', { name: 'Copy its link' }).waitFor();
  });

  test('single keys do nothing in a field, and nothing at all where a person wants none', async () => {
    const page = await openHome();
    await page.keyboard.press('?');
    await page.getByRole('checkbox', { name: 'Single keys act' }).uncheck();
    await page.keyboard.press('Escape');
    await page.keyboard.press('?');
    await openPalette(page);
    expect(await page.getByRole('dialog', { name: 'Keys' }).count()).toBe(0);
    await page.keyboard.type('?');
    expect(await page.getByRole('combobox').inputValue()).toBe('?');
  });

  test('keys of rows press nothing outside rows, and a field keeps its Space', async () => {
    const page = await ui().visit('/acme/shop/pipelines', 'ann');
    const box = page.getByRole('main').getByRole('checkbox').first();
    await box.focus();
    const was = await box.isChecked();
    await page.keyboard.press('.');
    expect(await box.isChecked()).toBe(was);
    await page.keyboard.press('Space');
    await expect.poll(() => box.isChecked()).toBe(!was);
    await page.getByRole('button', { name: 'Theme' }).focus();
    await page.keyboard.press('.');
    expect(await page.getByRole('menu').count()).toBe(0);
    await page.keyboard.press('Space');
    await page.getByRole('menu', { name: 'Theme' }).waitFor();
  });

  test('a menu is walked by arrows, ends and first letters, and gives the focus back', async () => {
    const page = await openHome();
    const opener = page.getByRole('button', { name: 'Theme' });
    await opener.focus();
    await page.keyboard.press('ArrowDown');
    const menu = page.getByRole('menu', { name: 'Theme' });
    await menu.waitFor();
    const focused = () => page.evaluate(() => document.activeElement?.textContent ?? '');
    expect(await focused()).toContain('As the system');
    await expectAccessible(page);
    await page.keyboard.press('End');
    expect(await focused()).toContain('Light');
    await page.keyboard.press('ArrowDown');
    expect(await focused()).toContain('As the system');
    await page.keyboard.type('da');
    expect(await focused()).toContain('Dark');
    await page.keyboard.press('Escape');
    await menu.waitFor({ state: 'detached' });
    expect(await opener.evaluate((button) => button === document.activeElement)).toBe(true);
  });

  test('a tooltip comes with the focus and goes with Escape', async () => {
    const page = await openHome();
    await page.getByRole('button', { name: 'Theme' }).focus();
    await page.keyboard.press('Tab');
    await page.getByRole('tooltip', { name: /Keys and help/ }).waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('tooltip').waitFor({ state: 'detached' });
  });

  test('the first thing that is reached leads to the content', async () => {
    const page = await openHome();
    await page.keyboard.press('Tab');
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('Skip to the content');
    await page.keyboard.press('Enter');
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('main');
  });

  test('what one may not see is not there', async () => {
    const page = await ui().visit('/other/shop', 'ann');
    await page.getByText('There is no workspace other/shop').waitFor();
  });

  test('a session that ends is renewed over the page, which keeps what it shows', async () => {
    const { api, acme, forgive } = ui();
    const eve = await addPerson(api.database, fresh('eve'), { organizationId: acme.id, role: 'owner' });
    const page = await ui().visitAs('/acme/shop', eve);
    await page.getByText('Nothing waits for you').waitFor();
    await api.database`DELETE FROM sessions WHERE id = ${eve.sessionId}`;
    await page.getByRole('button', { name: 'Search' }).click();
    await page.keyboard.type('anything');
    await page.getByRole('dialog', { name: 'Sign in again' }).waitFor();
    await expectAccessible(page);
    await takeScreenshot(page, 'session-dialog');
    await page.keyboard.press('Escape');
    await page.getByText('Your sign-in has ended.').waitFor();
    await page.keyboard.type(' else');
    await page.waitForResponse((answer) => answer.status() === 401);
    expect(await page.getByRole('dialog', { name: 'Sign in again' }).count()).toBe(0);
    forgive(/401/);
  });

  test('who has signed in again goes on, though what the page asks for is still under way', async () => {
    const { api, acme, forgive } = ui();
    const sam = await addPerson(api.database, fresh('sam'), { organizationId: acme.id, role: 'owner' });
    const page = await ui().visitAs('/acme/shop', sam);
    await page.getByText('Nothing waits for you').waitFor();
    const me: object = await page.evaluate(async () => (await fetch('/api/v1/me')).json());
    await api.database`DELETE FROM sessions WHERE id = ${sam.sessionId}`;
    await page.getByRole('button', { name: 'Search' }).click();
    await page.keyboard.type('anything');
    const dialog = page.getByRole('dialog', { name: 'Sign in again' });
    await dialog.waitFor();
    // Nothing but the sign-in is answered.
    await page.route('**/api/v1/**', (route) =>
      route.request().method() === 'POST' ? route.fulfill({ json: me }) : undefined,
    );
    await dialog.getByLabel('Password').fill('a password');
    await dialog.getByRole('button', { name: 'Sign in' }).click();
    await dialog.waitFor({ state: 'detached', timeout: 5_000 });
    forgive(/401/);
  });

  test('without a network the page says so, with the age of what it shows', async () => {
    const page = await openHome();
    await page.context().setOffline(true);
    await page.getByText('This machine is offline').waitFor();
    await page.getByText('Offline', { exact: true }).waitFor();
    await page.context().setOffline(false);
    await page.getByText('Live', { exact: true }).waitFor();
    ui().forgive(/ERR_INTERNET_DISCONNECTED|Failed to fetch/);
  });

  test('the address of a page never scrolls sideways, at 320 px either', async () => {
    const page = await openHome({ width: 320, height: 640 });
    const { content, room } = await page.evaluate(() => ({
      content: document.documentElement.scrollWidth,
      room: document.documentElement.clientWidth,
    }));
    expect(content).toBeLessThanOrEqual(room);
    await page.getByRole('button', { name: 'Open the menu' }).click();
    await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Home' }).click();
    expect(await page.getByRole('dialog', { name: 'Menu' }).count()).toBe(0);
  });

  test('nothing moves while the home page comes', async () => {
    const page = await ui().visit('/acme/shop', 'ann');
    await watchShifts(page);
    await page.getByText('Nothing waits for you').waitFor();
    const shifts = await listShifts(page);
    expect(
      shifts.reduce((sum, { value }) => sum + value, 0),
      JSON.stringify(shifts),
    ).toBeLessThanOrEqual(0.01);
  });

  test('with forced colours every state keeps its icon and its word', async () => {
    const { api, ann } = ui();
    const text = 'pipeline "forced" { image "busybox:1.37" }\nstage "a" { run "true" }\n';
    await ann('POST', '/pipelines?workspace=acme/shop', { name: 'forced', text });
    const run = (await ann('POST', '/pipelines/forced/runs', {})).body as { id: string };
    await playBatch(api, run, 1, { run: ended('failed') });
    const page = await ui().visit('/acme/shop', 'ann', { hasForcedColors: true });
    await page.getByRole('heading', { name: /Broken now/ }).waitFor();
    await page.getByRole('img', { name: 'Failed' }).first().waitFor();
    await takeScreenshot(page, 'forced-colors');
  });
});
