import type { Page } from 'playwright-core';
import { expectAccessible } from './accessibility.ts';
import { settle } from './settle.ts';

/** A dialog, a menu, a list of choices; what explains a control belongs to it. */
const OPENED = 'dialog[open], [popover]:popover-open:not([role=tooltip])';

/**
 * Holds what a press has opened over a page against WCAG, with all that is beside it. What is known by its words, in
 * `seen`, has been looked at on another page.
 */
export async function expectOpenedAccessible(page: Page, seen: Set<string>): Promise<void> {
  const opened = page.locator(OPENED).last();
  if ((await opened.count()) === 0) return;
  await settle(page);
  // What it asks for has come.
  await page.waitForFunction((over) => !document.querySelector(`:is(${over}) [data-coming]`), OPENED);
  const words = await page.locator(OPENED).evaluateAll((all) => all.map((one) => one.textContent).join('\n'));
  if (words === '' || seen.has(words)) return;
  await expectAccessible(page);
  seen.add(words);
}
