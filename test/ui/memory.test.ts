import type { CDPSession } from 'playwright-core';
import { expect, test } from 'vitest';
import { describeWith } from '#test/env/describe-with.ts';
import { fillPages } from './fill-pages.ts';
import { goTo } from './go-to.ts';
import { listPages } from './pages.ts';
import { settle } from './settle.ts';
import { useUi } from './use-ui.ts';

/** UI §10: the heap after 50 changes of the page, beside that when each page has been there a few times. */
const MOST_GROWTH = 1.1;
const [PAGES, FEW, MANY] = [5, 25, 50];

describeWith(['chromium'], 'the memory of the interface', () => {
  const ui = useUi();

  test('fifty more changes of the page keep no more than the first did', async () => {
    const person = await fillPages(ui());
    const page = await ui().visitAs('/settings', person);
    await settle(page);
    const session = await page.context().newCDPSession(page);
    // The same pages again and again: what is kept for each, and its code as it is run often, is there after a few times.
    const paths = listPages().slice(0, PAGES);
    expect(paths).toHaveLength(PAGES);
    const change = async (times: number) => {
      for (let count = 0; count < times; count++) await goTo(page, paths[count % PAGES] ?? '');
    };
    await change(FEW);
    const few = await weigh(session);
    await change(MANY);
    const many = await weigh(session);
    expect(many.heap / few.heap, JSON.stringify({ few, many })).toBeLessThanOrEqual(MOST_GROWTH);
    expect(many.nodes / few.nodes, JSON.stringify({ few, many })).toBeLessThanOrEqual(MOST_GROWTH);
    expect(many.listeners / few.listeners, JSON.stringify({ few, many })).toBeLessThanOrEqual(MOST_GROWTH);
  }, 90_000);
});

/** What the page holds when all it does not need is gone: bytes, elements in and out of the document, listeners. */
async function weigh(session: CDPSession): Promise<{ heap: number; nodes: number; listeners: number }> {
  // What a collection lets go of may hold on to more until the next.
  for (let time = 0; time < 3; time++) await session.send('HeapProfiler.collectGarbage');
  const { usedSize } = await session.send('Runtime.getHeapUsage');
  const { nodes, jsEventListeners } = await session.send('Memory.getDOMCounters');
  return { heap: usedSize, nodes, listeners: jsEventListeners };
}
