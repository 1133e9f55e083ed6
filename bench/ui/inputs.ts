import type { Page } from 'playwright-core';
import type { RunObject } from '#core/rest.ts';
import { createPlan, createStagePlan } from '#test/env/plan.ts';
import { ended, node, playBatch } from '#test/env/use-api.ts';
import { quantile } from '../quantile.ts';
import type { BenchUi } from './open-ui.ts';

const PIPELINES = 200;
const STAGES = 200;
const PAUSE_MS = 60;
const TEXT = 'image "busybox:1.37"\nstage "a" { run "true" }\n';
/** UI §10: a machine that is so many times slower. */
const SLOWER = 4;
/** What Event Timing does not tell of: less than a frame at 60 Hz. */
const LEAST_MS = 16;
/** What there is of each view in the order of `v`, from the log on. */
const VIEWS = ['.graph-node', '[data-timeline-row]', 'table[aria-label=Stages]', 'section[aria-label=Run] h2'];

/** Keys, clicks and typing on the list of pipelines and on a run until they are painted, by Event Timing (UI §10). */
export async function measureInputs(ui: BenchUi): Promise<Record<string, number>> {
  for (let at = 0; at < PIPELINES; at++) {
    await ui.owner('POST', '/pipelines?workspace=acme/shop', { name: `pipeline-${at}`, text: TEXT });
  }
  const run = await prepare(ui);
  const devtools = await ui.page.context().newCDPSession(ui.page);
  const figures: Record<string, number> = {};
  for (const [rate, where] of [
    [1, ''],
    [SLOWER, `, a processor ${SLOWER} times slower`],
  ] as const) {
    await devtools.send('Emulation.setCPUThrottlingRate', { rate });
    const list = await measureList(ui);
    const { shown, ...page } = await measureRun(ui, run);
    for (const [what, took] of Object.entries({ ...list, ...page })) {
      figures[`${what} until painted p95${where}, ms`] = quantile(took, 0.95);
    }
    figures[`  what that view shows until painted p95${where}, ms`] = quantile(shown, 0.95);
    const all = Object.values({ ...list, ...page }).flat();
    figures[`all ${all.length} inputs until painted p95${where}, ms`] = quantile(all, 0.95);
  }
  await devtools.send('Emulation.setCPUThrottlingRate', { rate: 1 });
  return figures;
}

async function prepare({ api, owner }: BenchUi): Promise<RunObject> {
  const names = Array.from({ length: STAGES }, (_, at) => `stage-${at}`);
  api.usePlan(createPlan(names.map((name) => createStagePlan(name))));
  await owner('POST', '/pipelines?workspace=acme/shop', { name: 'inputs', text: TEXT });
  const run: RunObject = (await owner('POST', '/pipelines/inputs/runs?workspace=acme/shop', {})).body;
  await playBatch(api, run, 1, { run: ended('passed'), nodes: names.map((name) => node(name, ended('passed'))) });
  return run;
}

async function measureList({ page, origin }: BenchUi): Promise<Record<string, number[]>> {
  await page.goto(`${origin}/acme/shop/pipelines`);
  await page.locator('tr[data-row]').first().waitFor();
  const typing = await listen(page, async () => {
    await page.locator('main [data-filter]').focus();
    await page.keyboard.type('pipeline-1', { delay: PAUSE_MS });
    for (let at = 0; at < 10; at++) await page.keyboard.press('Backspace', { delay: PAUSE_MS });
    return 20;
  });
  await page.keyboard.press('Escape');
  await page.getByRole('main').focus();
  const keys = await listen(page, async () => {
    for (const key of 'jjjjjjjjjjkkkkkkkkkk') await page.keyboard.press(key, { delay: PAUSE_MS });
    return 20;
  });
  const clicks = await listen(page, async () => {
    const opener = page.getByRole('button', { name: 'Theme' });
    for (let at = 0; at < 5; at++) {
      await opener.click();
      await page.getByRole('menu', { name: 'Theme' }).waitFor();
      await opener.click();
      await page.getByRole('menu', { name: 'Theme' }).waitFor({ state: 'detached' });
    }
    return 10;
  });
  return { 'list of pipelines: typing': typing, 'list: a key to the next row': keys, 'list: a menu': clicks };
}

async function measureRun({ page, origin }: BenchUi, run: RunObject) {
  await page.goto(`${origin}${run.url}`);
  await page.locator('[data-tree-row]').nth(8).waitFor();
  const shown: number[] = [];
  const views = await listen(page, async () => {
    await page.getByRole('main').focus();
    for (const view of [...VIEWS, ...VIEWS]) {
      const read = await untilShown(page, view);
      await page.keyboard.press('v');
      shown.push(await read());
      await page.evaluate(() => new Promise((resolve) => setTimeout(resolve, 200)));
    }
    return 8;
  });
  const stages = await listen(page, async () => {
    for (let at = 0; at < 8; at++) await page.locator('[data-tree-row]').nth(at).click();
    return 8;
  });
  return {
    'run of 200 stages: its next view': views,
    'run: another stage': stages,
    shown,
  };
}

/** From the next key until the frame in which something of a view is painted, ms by the page's own clock. */
async function untilShown(page: Page, view: string): Promise<() => Promise<number>> {
  await page.evaluate((wanted) => {
    const shown = async (begun: number) => {
      while (document.querySelector(wanted) === null) await new Promise((resolve) => requestAnimationFrame(resolve));
      await new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
      return performance.now() - begun;
    };
    const key = new Promise<number>((resolve) =>
      window.addEventListener('keydown', ({ timeStamp }) => resolve(timeStamp), { capture: true, once: true }),
    );
    Object.assign(window, { viewShown: key.then(shown) });
  }, view);
  return () => page.evaluate(() => (window as unknown as { viewShown: Promise<number> }).viewShown);
}

/** How long each input of an act took until it was painted, ms; `act` answers how many there were. */
async function listen(page: Page, act: () => Promise<number>): Promise<number[]> {
  await page.evaluate(() => {
    const took = new Map<number, number>();
    const note = (list: PerformanceObserverEntryList) => {
      for (const entry of list.getEntries() as (PerformanceEventTiming & { interactionId: number })[]) {
        // Without one it belongs to no input of a person: a movement of the pointer.
        if (entry.interactionId === 0) continue;
        took.set(entry.interactionId, Math.max(entry.duration, took.get(entry.interactionId) ?? 0));
      }
    };
    const observer = new PerformanceObserver(note);
    observer.observe({ type: 'event', durationThreshold: 16 } as PerformanceObserverInit);
    Object.assign(window, { readInputs: () => (note({ getEntries: () => observer.takeRecords() } as never), took) });
  });
  const count = await act();
  const told = await page.evaluate(async () => {
    await new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve, 100)));
    return [...(window as unknown as { readInputs(): Map<number, number> }).readInputs().values()];
  });
  return [...told, ...Array.from({ length: Math.max(0, count - told.length) }, () => LEAST_MS)];
}
