const URLS = /\bhttps?:\/\/[^\s<>"'`{}|\\^\u00a0]+/g;

/** Addresses that stand in the text as they are, without the punctuation behind them. */
export function findUrls(text: string): { from: number; to: number; href: string }[] {
  if (!text.includes('://')) return [];
  return [...text.matchAll(URLS)].flatMap(({ 0: found, index }) => {
    const href = trimEnd(found);
    return URL.canParse(href) ? [{ from: index, to: index + href.length, href }] : [];
  });
}

function trimEnd(found: string): string {
  let url = found.replace(/[.,;:!?*]+$/, '');
  for (const [open, close] of ['()', '[]']) {
    if (!open || !close) continue;
    while (url.endsWith(close) && count(url, close) > count(url, open))
      url = url.slice(0, -1).replace(/[.,;:!?]+$/, '');
  }
  return url;
}

function count(text: string, character: string): number {
  return text.split(character).length - 1;
}
