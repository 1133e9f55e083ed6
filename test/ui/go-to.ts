import type { Page } from 'playwright-core';
import { settle } from './settle.ts';

/** Changes the page as a link does, without a load. */
export async function goTo(page: Page, path: string): Promise<void> {
  await page.evaluate((address) => history.pushState(null, '', address), path);
  await settle(page);
}
