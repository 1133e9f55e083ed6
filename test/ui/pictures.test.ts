import { readdirSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { describeWith } from '#test/env/describe-with.ts';
import { useServer } from '#test/env/use-server.ts';
import { buildWeb } from '#test/env/web.ts';
import { useBrowser, type Theme } from './browser.ts';
import { expectPicture, expectSameChromium, isKeeping, KEPT } from './compare-picture.ts';
import { openFixedWorld, PICTURED_AT, type FixedWorld } from './fixed-world.ts';
import { listPages, listPagesOfToday } from './pages.ts';
import { settle } from './settle.ts';

const THEMES: readonly Theme[] = ['dark', 'light'];
const WIDTHS = [1280, 390] as const;
const HEIGHT = 800;
const nameOf = (path: string, theme: Theme, width: number) =>
  `${path.slice(1).replaceAll(/[^a-zA-Z0-9]+/g, '-')}-${theme}-${width}`;

describeWith(['chromium'], 'the pictures of the pages', () => {
  beforeAll(buildWeb);
  const server = useServer();
  const browser = useBrowser();
  let world: FixedWorld;
  beforeAll(async () => {
    world = await openFixedWorld(server());
  });
  afterAll(async () => {
    await world.port.close();
  });

  test.each(WIDTHS)(
    'are those that were kept, at %i px',
    async (width) => {
      const origin = `http://${world.port.host}:${world.port.port}`;
      const first = await browser().visit(`${origin}/acme/shop`, { as: world.person, width, height: HEIGHT });
      expectSameChromium(first.context().browser()?.version() ?? '');
      const faults: unknown[] = [];
      for (const path of isKeeping ? listPages() : listPagesOfToday()) {
        const page = await first.context().newPage();
        await page.clock.setFixedTime(PICTURED_AT);
        await page.goto(`${origin}${path}`);
        await settle(page);
        await page.evaluate(async () => void (await document.fonts.ready));
        for (const theme of THEMES) {
          await page.emulateMedia({ colorScheme: theme });
          await expectPicture(page, nameOf(path, theme, width)).catch((fault) => faults.push(fault));
        }
        await page.close();
      }
      if (faults.length > 0) throw new AggregateError(faults, faults.map(String).join('\n'));
    },
    480_000,
  );

  test('each page has its pictures, and each picture its page', () => {
    const wanted = listPages().flatMap((path) =>
      THEMES.flatMap((theme) => WIDTHS.map((width) => `${nameOf(path, theme, width)}.png`)),
    );
    const kept = readdirSync(KEPT).filter((name) => name.endsWith('.png'));
    expect(kept.toSorted()).toEqual(wanted.toSorted());
  });
});
