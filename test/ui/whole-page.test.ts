import { expect, test } from 'vitest';
import { describeWith } from '#test/env/describe-with.ts';
import { fresh } from '#test/env/fresh.ts';
import { expectAccessible } from './accessibility.ts';
import { fillPages } from './fill-pages.ts';
import { listPagesOfToday } from './pages.ts';
import { holdPatience, type Holding } from './patience.ts';
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

  test('a page that is opened when the session has ended says so under the question, and comes after it', async () => {
    const { api, origin, forgive } = ui();
    const person = await fillPages(ui(), fresh('op'));
    const page = await ui().visitAs('/acme/shop/pipelines', person);
    await page.getByText('walked').first().waitFor();
    await api.database`UPDATE sessions SET revoked_at = now() WHERE id = ${person.sessionId}`;
    const question = page.getByRole('dialog', { name: 'Sign in again' });
    const dead: string[] = [];
    for (const path of listPagesOfToday()) {
      await page.evaluate((address) => history.pushState(null, '', address), path);
      // It may be asked before the page has begun to ask for what it shows.
      const told = page.waitForFunction(
        () =>
          document.querySelector('main:not([aria-busy])') !== null &&
          document.querySelector('main [aria-hidden].bg-hover') === null &&
          (document.querySelector('main [role=alert]') !== null ||
            document.querySelector('main')?.textContent.includes('There is no ') === true),
      );
      await told.catch(() => dead.push(path));
    }
    expect(dead).toEqual([]);
    await question.waitFor();
    // Signed in again there: the server has taken the cookie of the ended session away.
    await api.database`UPDATE sessions SET revoked_at = NULL WHERE id = ${person.sessionId}`;
    await page.context().addCookies([cookieOf(person.cookie, origin)]);
    const other = await page.context().newPage();
    await other.goto(`${origin}/acme/shop`);
    await question.waitFor({ state: 'detached' });
    await page.waitForFunction(() => document.querySelector('main [role=alert]') === null);
    forgive(/401/);
  }, 90_000);

  test('a write that takes longer than a page may is waited for', async () => {
    const { visit, origin } = ui();
    const page = await visit('/login', null);
    await page.context().addCookies([cookieOf(ui().people.vic.cookie, origin)]);
    await page.addInitScript(holdPatience);
    await page.route('**/api/v1/me', async (route) => {
      // What is waited for no longer than a page is given up now.
      if (route.request().method() === 'PATCH') await page.evaluate(endPatienceOfPages);
      await route.continue();
    });
    await page.goto(`${origin}/settings`);
    await page.getByRole('textbox', { name: 'Name people see' }).fill('Vic the slow');
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await page.getByText('Your profile is saved').waitFor();
  });

  test('a newer server is told of, and the next change of page takes it', async () => {
    const { visit, origin } = ui();
    const page = await visit('/login', null);
    await page.context().addCookies([cookieOf(ui().people.vic.cookie, origin)]);
    // The stream of this page alone, whose server is another each time it is asked.
    await page.addInitScript(() => Reflect.deleteProperty(window, 'SharedWorker'));
    let asked = 0;
    await page.route('**/api/v1/stream?*', async (route) => {
      asked += 1;
      const hello = { serverTime: new Date().toISOString(), version: `v${Math.min(asked, 2)}`, topics: [] };
      const body = `event: hello\ndata: ${JSON.stringify({ event: 'hello', ...hello })}\n\n`;
      await route.fulfill({ contentType: 'text/event-stream', body });
    });
    await page.goto(`${origin}/acme/shop`);
    await page.getByRole('button', { name: 'Updated: reload' }).waitFor();
    await page.evaluate(() => Reflect.set(window, 'isOld', true));
    await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Pipelines' }).click();
    await expect.poll(() => page.evaluate(() => Reflect.get(window, 'isOld')).catch(() => true)).toBeUndefined();
    expect(new URL(page.url()).pathname).toBe('/acme/shop/pipelines');
    await page.getByRole('heading', { name: 'Pipelines', level: 1 }).waitFor();
  });
});

function cookieOf(text: string, url: string) {
  const [name = '', value = ''] = text.split('=');
  return { name, value, url };
}

function endPatienceOfPages(): void {
  for (const { ms, end } of (window as unknown as Holding).held) if (ms <= 10_000) end.abort();
}
