import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';

/**
 * Keeps a picture of a page for people to look at, as NAME-THEME-WIDTH.png below the folder that BUILDIT_SCREENSHOTS
 * names; without it no picture is made.
 */
export async function takeScreenshot(page: Page, name: string): Promise<void> {
  const folder = process.env['BUILDIT_SCREENSHOTS'];
  if (folder === undefined || folder === '') return;
  mkdirSync(folder, { recursive: true });
  const theme = await page.evaluate(() => (matchMedia('(prefers-color-scheme: light)').matches ? 'light' : 'dark'));
  const width = page.viewportSize()?.width ?? 0;
  await page.screenshot({ path: join(folder, `${name}-${theme}-${width}.png`) });
}
