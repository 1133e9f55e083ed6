import type { Page } from 'playwright-core';
import { settle } from './settle.ts';

/** Changes the page as a link does, without a load. */
export async function goTo(page: Page, path: string): Promise<void> {
  await page.evaluate(async (address) => {
    history.pushState(null, '', address);
    // What stood there before is not taken for what comes.
    await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
  }, path);
  await settle(page);
}
