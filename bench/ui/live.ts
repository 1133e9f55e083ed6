import type { Page } from 'playwright-core';
import type { RunObject } from '#core/rest.ts';
import { createPlan, createStagePlan } from '#test/env/plan.ts';
import { ended, node, playBatch } from '#test/env/use-api.ts';
import { quantile } from '../quantile.ts';
import type { BenchUi } from './open-ui.ts';

const STAGES = 60;
/** UI §10: a browser has six connections to one origin over HTTP/1.1. */
const TABS = 8;
const TEXT = 'image "busybox:1.37"\nstage "a" { run "true" }\n';

/**
 * From what the workflow records until it is painted, in one tab, and in eight of which one is in front (UI §7, §10).
 * Chromium draws one frame a second, or none, of a tab behind another: of those it counts when the document has it.
 */
export async function measureLive(ui: BenchUi): Promise<Record<string, number>> {
  const run = await prepare(ui);
  let version = 1;
  const play = async (stage: number) => {
    const begun = Date.now();
    await playBatch(ui.api, run, ++version, { nodes: [node(`stage-${stage}`, ended('passed'))] });
    return begun;
  };
  await open(ui.page, ui, run);
  const one: number[] = [];
  for (let stage = 0; stage < STAGES / 2; stage++) {
    const told = await watch(ui.page, stage);
    const begun = await play(stage);
    one.push((await told()).paintedAt - begun);
  }
  const others = await Promise.all(Array.from({ length: TABS - 1 }, () => openBehind(ui.page)));
  await ui.page.bringToFront();
  const opening = Date.now();
  await Promise.all(others.map((page) => open(page, ui, run)));
  const openedMs = Date.now() - opening;
  const [front, behind] = [[], []] as [number[], number[]];
  for (let stage = STAGES / 2; stage < STAGES; stage++) {
    const told = await Promise.all([ui.page, ...others].map((page) => watch(page, stage)));
    const begun = await play(stage);
    const [first, ...rest] = await Promise.all(told.map((wait) => wait()));
    if (first) front.push(first.paintedAt - begun);
    behind.push(...rest.map(({ changedAt }) => changedAt - begun));
  }
  await Promise.all(others.map((page) => page.close()));
  return {
    'recorded until painted, median, ms': quantile(one, 0.5),
    'recorded until painted p95, ms': quantile(one, 0.95),
    [`${TABS - 1} more tabs opened at once: the last has its stages, ms`]: openedMs,
    [`${TABS} tabs: recorded until painted in the one in front p95, ms`]: quantile(front, 0.95),
    [`${TABS} tabs: until the documents of the others have it p95, ms`]: quantile(behind, 0.95),
    [`${TABS} tabs: the slowest of ${front.length + behind.length}, ms`]: quantile([...front, ...behind], 1),
  };
}

/** A tab that knows that it is behind others: whoever drives the browser says of each that it is seen. */
async function openBehind(front: Page): Promise<Page> {
  const page = await front.context().newPage();
  await page.addInitScript(() =>
    Object.defineProperty(Document.prototype, 'visibilityState', { get: () => 'hidden', configurable: true }),
  );
  return page;
}

async function prepare({ api, owner }: BenchUi): Promise<RunObject> {
  const names = Array.from({ length: STAGES }, (_, at) => `stage-${at}`);
  api.usePlan(createPlan(names.map((name) => createStagePlan(name))));
  await owner('POST', '/pipelines?workspace=acme/shop', { name: 'live', text: TEXT });
  const run: RunObject = (await owner('POST', '/pipelines/live/runs?workspace=acme/shop', {})).body;
  const at = new Date().toISOString();
  await playBatch(api, run, 1, { run: { kind: 'running', attempt: 1, since: at, heartbeatAt: at } });
  return run;
}

async function open(page: Page, { origin }: BenchUi, run: RunObject): Promise<void> {
  await page.goto(`${origin}${run.url}?view=table`);
  // Asked by a timer: a tab behind has no frames to be asked in.
  await page.waitForFunction(
    () => document.querySelector('[data-tree-row]') !== null && /\bLive\b/.test(document.body.innerText),
    null,
    { polling: 20 },
  );
}

/** Begins to look at a stage; the answer waits until it has passed in the document, and for a frame of that. */
async function watch(page: Page, stage: number): Promise<() => Promise<{ changedAt: number; paintedAt: number }>> {
  await page.evaluate((name) => {
    const isPassed = () => /passed/i.test(document.querySelector(`[data-tree-row="${name}"]`)?.innerHTML ?? '');
    const changed = new Promise<number>((resolve) => {
      // Told of changes: to look in each frame would have the tab draw frames without end.
      const observer = new MutationObserver(() => {
        if (!isPassed()) return;
        observer.disconnect();
        resolve(Date.now());
      });
      observer.observe(document.body, { subtree: true, childList: true, attributes: true, characterData: true });
    });
    const told = changed.then(async (changedAt) => {
      if (document.visibilityState === 'hidden') return { changedAt, paintedAt: Number.NaN };
      await new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
      return { changedAt, paintedAt: Date.now() };
    });
    Object.assign(window, { stageTold: told });
  }, `stage-${stage}`);
  return () =>
    page.evaluate(
      () => (window as unknown as { stageTold: Promise<{ changedAt: number; paintedAt: number }> }).stageTold,
    );
}
