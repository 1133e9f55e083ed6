import type { Page } from 'playwright-core';

/**
 * Waits until a page has its heading, nothing of it looks as if it came, a text that is being checked is, and a graph is
 * laid out: it is fitted into its frame then, which undoes a zoom of before.
 */
export async function settle(page: Page): Promise<void> {
  await page.getByRole('heading', { level: 1 }).waitFor();
  await page.waitForFunction(
    () =>
      document.querySelector('main:not([aria-busy])') &&
      !document.querySelector('main [aria-hidden].bg-hover, main .graph-layer:empty') &&
      ![...document.querySelectorAll('main [role=status]')].some((one) => one.textContent.startsWith('checking')),
  );
}
