import type { Locator, Page } from 'playwright-core';
import { beforeAll, expect, test } from 'vitest';
import { describeWith } from '#test/env/describe-with.ts';
import type { TestPerson } from '#test/env/people.ts';
import { hasEffect, readState } from './effect.ts';
import { fillPages } from './fill-pages.ts';
import { goTo } from './go-to.ts';
import { expectOpenedAccessible } from './opened.ts';
import { isOfInterface, leadsToPage, listPagesOfToday } from './pages.ts';
import { settle } from './settle.ts';
import { useUi } from './use-ui.ts';

/** What has nothing to do on a page as it opens: a graph is shown whole then. */
const DONE_ALREADY = new Set(['Fit']);

describeWith(['chromium'], 'every page', () => {
  const ui = useUi();
  let person: TestPerson;
  beforeAll(async () => {
    person = await fillPages(ui());
  });
  const open = async (path: string) => {
    const page = await ui().visitAs(path, person);
    await settle(page);
    return page;
  };
  /** Each address is followed once, wherever its link stands. */
  const followed = new Set<string>();
  /** What has been opened over a page, as it is worded. */
  const opened = new Set<string>();

  test.each(listPagesOfToday())(
    '%s has links that lead somewhere',
    async (path) => {
      const page = await open(path);
      const links = await page.evaluate(() =>
        [...document.querySelectorAll<HTMLAnchorElement>('a[href]')].map(({ href, rel, target }) => ({
          href,
          rel,
          target,
        })),
      );
      expect(links.length).toBeGreaterThan(0);
      const dead = links.filter(({ href, rel, target }) => {
        const { origin, pathname } = new URL(href);
        if (origin !== ui().origin) return !rel.includes('noopener');
        return target !== '_blank' && !leadsToPage(pathname);
      });
      expect(dead).toEqual([]);
      const state = await readState(page);
      const inside = page.locator('main a[href]:not([target=_blank], [download])');
      for (const href of await inside.evaluateAll((all) => all.map((one) => one.getAttribute('href') ?? ''))) {
        const { pathname, href: whole } = new URL(href, page.url());
        // Lines of a log are many, and one way.
        const way = whole.replace(/#L\d.*$/, '#L');
        if (!isOfInterface(pathname) || whole === page.url() || followed.has(way)) continue;
        const link = page.locator(`main a[href=${JSON.stringify(href)}]`).first();
        if (!(await link.isVisible())) continue;
        expect(await hasEffect(page, link), `a press of the link to ${href}`).toBe(true);
        await settle(page);
        expect(await page.locator('main').innerText(), href).not.toMatch(/^There is no (?!.* yet)/m);
        followed.add(way);
        await restore(page, `${ui().origin}${path}`, state);
      }
    },
    120_000,
  );

  test.each(listPagesOfToday())(
    '%s has buttons that do something, and what they open is accessible',
    async (path) => {
      const page = await open(path);
      const main = page.locator('main');
      const state = await readState(page);
      const names = await main
        .getByRole('button')
        .evaluateAll((buttons) =>
          buttons.map((button) => button.getAttribute('aria-label') ?? button.textContent?.trim() ?? ''),
        );
      expect(names.filter((name) => name === '')).toEqual([]);
      const dead: string[] = [];
      for (const name of new Set(names).difference(DONE_ALREADY)) {
        const button = main.getByRole('button', { name, exact: true }).first();
        if ((await button.count()) === 0 || (await button.getAttribute('aria-disabled')) === 'true') continue;
        if (!(await button.isVisible()) || (await isChosen(button))) continue;
        if (!(await hasEffect(page, button))) dead.push(name);
        await expectOpenedAccessible(page, opened);
        await restore(page, `${ui().origin}${path}`, state);
      }
      expect(dead).toEqual([]);
    },
    120_000,
  );

  test('a dead button and a dead link are found, whatever moves beside them', async () => {
    const page = await open('/acme/shop');
    await page.evaluate(() => {
      const box = document.createElement('p');
      const button = Object.assign(document.createElement('button'), { textContent: 'Dead', id: 'dead' });
      const link = Object.assign(document.createElement('a'), {
        textContent: 'Dead',
        id: 'stuck',
        href: '/acme/shop/runs',
      });
      link.addEventListener('click', (event) => event.preventDefault());
      const tooltip = Object.assign(document.createElement('span'), { role: 'tooltip' });
      const time = document.createElement('time');
      let ticks = 0;
      setInterval(() => (time.textContent = `${++ticks}`), 20);
      button.addEventListener('click', () => (tooltip.textContent = 'pressed'));
      box.append(button, link, tooltip, time);
      document.querySelector('main')?.prepend(box);
    });
    expect(await hasEffect(page, page.locator('#dead'))).toBe(false);
    expect(await hasEffect(page, page.locator('#stuck'))).toBe(false);
    await page.evaluate(() =>
      document.querySelector('#dead')?.addEventListener('click', () => document.body.append('!')),
    );
    expect(await hasEffect(page, page.locator('#dead'))).toBe(true);
  });
});

/** A tab or a choice that holds already has nothing to change. */
function isChosen(button: Locator): Promise<boolean> {
  return button.evaluate((element) =>
    ['aria-selected', 'aria-pressed', 'aria-checked'].some((name) => element.getAttribute(name) === 'true'),
  );
}

/** Whatever a press has opened or left, the page is as it was; loaded anew only if nothing less does it. */
async function restore(page: Page, url: string, state: string): Promise<void> {
  for (let tries = 0; tries < 3; tries++) {
    if (page.url() !== url) await goTo(page, url);
    if ((await readState(page)) === state) return;
    await page.keyboard.press('Escape');
  }
  await page.goto(url);
  await settle(page);
}
