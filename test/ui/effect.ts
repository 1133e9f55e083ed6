import type { Locator, Page, Request } from 'playwright-core';

/** So long a control that does nothing is waited for. */
const PATIENCE_MS = 3_000;

/**
 * Whether a press of a control has an effect: another address, something asked of the server, something copied or
 * downloaded, or the page says, shows or holds something else than before. A tooltip, a time that goes on and the page's
 * header are none.
 */
export async function hasEffect(page: Page, control: Locator): Promise<boolean> {
  const before = await readState(page);
  let isAsked = false;
  const note = () => {
    isAsked = true;
  };
  const onRequest = (request: Request) => {
    if (new URL(request.url()).pathname.startsWith('/api/v1/')) note();
  };
  page.on('request', onRequest);
  page.on('download', note);
  page.on('popup', note);
  try {
    await control.click();
    const until = Date.now() + PATIENCE_MS;
    for (;;) {
      const isOther = (await readState(page)) !== before;
      if (isAsked || isOther) return true;
      if (Date.now() > until) return false;
      await page.evaluate(() => new Promise((resolve) => setTimeout(resolve, 50))).catch(() => {});
    }
  } finally {
    page.off('request', onRequest);
    page.off('download', note);
    page.off('popup', note);
  }
}

/** What a person sees and what a control can change, as one text. A page that is just being left is another one. */
export async function readState(page: Page): Promise<string> {
  return page
    .evaluate(async () => {
      const STATES = ['aria-expanded', 'aria-pressed', 'aria-selected', 'aria-checked', 'aria-sort', 'aria-current'];
      const none = 'header:not(main header), time, [role=tooltip]';
      const shown: string[] = [];
      const isSeen = (element: Element) =>
        // What has no box of its own is seen by its parts.
        element.checkVisibility() || getComputedStyle(element).display === 'contents';
      const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT, (node) =>
        node instanceof Element && (node.matches(none) || !isSeen(node))
          ? NodeFilter.FILTER_REJECT
          : NodeFilter.FILTER_ACCEPT,
      );
      for (let node = walker.nextNode(); node; node = walker.nextNode()) {
        if (!(node instanceof Element)) {
          shown.push(node.textContent ?? '');
          continue;
        }
        shown.push(...STATES.flatMap((name) => node.getAttribute(name) ?? []));
        if (node instanceof HTMLInputElement) shown.push(node.value, String(node.checked));
        if (node instanceof HTMLSelectElement || node instanceof HTMLTextAreaElement) shown.push(node.value);
        if (node.scrollTop > 0 || node.scrollLeft > 0) shown.push(`${node.scrollTop} ${node.scrollLeft}`);
        if (node.matches('.graph-layer')) shown.push(node.getAttribute('style') ?? '');
      }
      const focused = document.activeElement;
      if (focused?.matches('input, textarea, select, main, [data-row]')) shown.push(focused.outerHTML);
      const copied = await navigator.clipboard.readText().catch(() => '');
      return [location.href, copied, document.querySelectorAll('dialog[open]').length, ...shown].join('\n');
    })
    .catch(() => 'gone');
}
