import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Locator, Page } from 'playwright-core';
import { beforeAll, expect, test } from 'vitest';
import { describeWith } from '#test/env/describe-with.ts';
import { ended, playBatch } from '#test/env/use-api.ts';
import { useUi } from './use-ui.ts';

const TABLE = readFileSync(resolve(import.meta.dirname, '../../web/src/app/routes.ts'), 'utf8');
const PATHS = [...TABLE.matchAll(/\bpath: '([^']+)'/g)].map(([, path = '']) => path);
/** What stands for the parameters of an address. */
const VALUES: Record<string, string> = {
  ...{ org: 'acme', workspace: 'shop', pipeline: 'walked', number: '1', secret: 'WALKED' },
};
/** Pages of the server, besides those of the interface. */
const SERVED = /^\/(api|login|logout|docs)(\/|$)/;

/** An address of a route, without what may be missing; null where this test has nothing for a parameter. */
function fill(path: string): string | null {
  const parts = path.split('/').filter((part) => part !== '' && !part.endsWith('?'));
  const filled = parts.map((part) => (part.startsWith(':') ? VALUES[part.slice(1)] : part));
  return filled.includes(undefined) ? null : `/${filled.join('/')}`;
}

const PATTERNS = PATHS.map((path) => {
  const parts = path.split('/').filter((part) => part !== '');
  const patterns = parts.map((part) => {
    const inner = part.startsWith('*') ? '/.*' : part.startsWith(':') ? '/[^/]+' : `/${part}`;
    return part.endsWith('?') ? `(?:${inner})?` : inner;
  });
  return new RegExp(`^${patterns.join('')}$`);
});
const leads = (path: string) => path === '/' || SERVED.test(path) || PATTERNS.some((pattern) => pattern.test(path));

describeWith(['chromium'], 'every page', () => {
  const ui = useUi();
  beforeAll(async () => {
    const { ann, api } = ui();
    const text = 'pipeline "walked" { image "busybox:1.37" }\nstage "a" { run "true" }\n';
    await ann('POST', '/pipelines?workspace=acme/shop', { name: 'walked', text });
    const run = (await ann('POST', '/pipelines/walked/runs', {})).body as { id: string };
    await playBatch(api, run, 1, { run: ended('failed') });
  });
  const open = async (path: string) => {
    const page = await ui().visit(path, 'ann');
    await page.getByRole('heading', { level: 1 }).waitFor();
    await settle(page);
    return page;
  };
  const pages = PATHS.flatMap((path) => fill(path) ?? []);

  test.each(pages)('%s has links that lead somewhere', async (path) => {
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
      return target !== '_blank' && !leads(pathname);
    });
    expect(dead).toEqual([]);
  });

  test.each(pages)('%s has buttons that do something', async (path) => {
    const page = await open(path);
    const main = page.locator('main');
    const names = await main
      .getByRole('button')
      .evaluateAll((buttons) =>
        buttons.map((button) => button.getAttribute('aria-label') ?? button.textContent?.trim() ?? ''),
      );
    expect(names.filter((name) => name === '')).toEqual([]);
    const dead: string[] = [];
    for (const name of new Set(names)) {
      const button = main.getByRole('button', { name, exact: true }).first();
      if ((await button.count()) === 0 || (await button.getAttribute('aria-disabled')) === 'true') continue;
      if (!(await button.isVisible()) || (await isChosen(button))) continue;
      if (!(await changes(page, button))) dead.push(name);
      // Whatever it has opened or left, the page is as it was.
      await page.goto(`${ui().origin}${path}`);
      await page.getByRole('heading', { level: 1 }).waitFor();
      await settle(page);
    }
    expect(dead).toEqual([]);
  });
});

/** A tab or a choice that holds already has nothing to change. */
function isChosen(button: Locator): Promise<boolean> {
  return button.evaluate((element) =>
    ['aria-selected', 'aria-pressed', 'aria-checked'].some((name) => element.getAttribute(name) === 'true'),
  );
}

/** Nothing is being loaded any more. */
async function settle(page: Page): Promise<void> {
  await page.locator('main:not([aria-busy])').waitFor();
}

/** Whether the page, its address or what is copied is another after a press. */
async function changes(page: Page, button: Locator): Promise<boolean> {
  await page.evaluate(() => {
    Object.assign(window, { hasChanged: false });
    const note = () => Object.assign(window, { hasChanged: true });
    new MutationObserver(note).observe(document.documentElement, {
      ...{ subtree: true, childList: true, attributes: true, characterData: true },
    });
    addEventListener('scroll', note, true);
  });
  const before = page.url();
  await button.click();
  return page
    .waitForFunction(
      (url) => location.href !== url || (window as unknown as { hasChanged: boolean }).hasChanged !== false,
      before,
      { timeout: 3_000 },
    )
    .then(() => true)
    .catch(() => false);
}
