import type { Page } from 'playwright-core';

/** Waits until a page has its heading and nothing of it looks as if it came. */
export async function settle(page: Page): Promise<void> {
  await page.getByRole('heading', { level: 1 }).waitFor();
  await page.waitForFunction(
    () => document.querySelector('main:not([aria-busy])') && !document.querySelector('main [aria-hidden].bg-hover'),
  );
}
