import type { CDPSession } from 'playwright-core';
import { beforeAll, expect, test } from 'vitest';
import { describeWith } from '#test/env/describe-with.ts';
import type { TestPerson } from '#test/env/people.ts';
import { fillPages } from './fill-pages.ts';
import { goTo } from './go-to.ts';
import { readHeapParts, sumHeldByPage } from './heap-parts.ts';
import { listPages } from './pages.ts';
import { settle } from './settle.ts';
import { useUi } from './use-ui.ts';

/** UI §10: what is held after 50 changes of the page, beside that after 5. */
const MOST_GROWTH = 1.1;
const [PAGES, FEW, MANY] = [5, 5, 50];

describeWith(['chromium'], 'the memory of the interface', () => {
  const ui = useUi();
  let person: TestPerson;
  beforeAll(async () => {
    person = await fillPages(ui());
  });

  test('fifty changes of the page keep no more than five', async () => {
    const page = await ui().visitAs('/settings', person);
    await settle(page);
    const session = await page.context().newCDPSession(page);
    // The same pages again and again: what each has read is kept once.
    const paths = listPages().slice(0, PAGES);
    expect(paths).toHaveLength(PAGES);
    const change = async (from: number, to: number) => {
      for (let count = from; count < to; count++) await goTo(page, paths[count % PAGES] ?? '');
    };
    await change(0, FEW);
    const few = await weigh(session);
    await change(FEW, MANY);
    const many = await weigh(session);
    expect(many.held / few.held, JSON.stringify({ few, many })).toBeLessThanOrEqual(MOST_GROWTH);
    expect(many.nodes / few.nodes, JSON.stringify({ few, many })).toBeLessThanOrEqual(MOST_GROWTH);
    expect(many.listeners / few.listeners, JSON.stringify({ few, many })).toBeLessThanOrEqual(MOST_GROWTH);
  }, 90_000);
});

/** What the page holds when all it does not need is gone: bytes by kind, elements in and out of the document, listeners. */
async function weigh(session: CDPSession) {
  // What a collection lets go of may hold on to more until the next.
  for (let time = 0; time < 3; time++) await session.send('HeapProfiler.collectGarbage');
  const { nodes, jsEventListeners } = await session.send('Memory.getDOMCounters');
  const parts = await readHeapParts(session);
  return { held: sumHeldByPage(parts), nodes, listeners: jsEventListeners, parts };
}
