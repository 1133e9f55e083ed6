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

/** From what the workflow records until it is painted, in one tab and in eight (UI §7, §10). */
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
    const painted = untilPainted(ui.page, stage);
    one.push((await painted.wait(await play(stage))) ?? Number.NaN);
  }
  const others = await Promise.all(Array.from({ length: TABS - 1 }, () => ui.page.context().newPage()));
  const opening = Date.now();
  await Promise.all(others.map((page) => open(page, ui, run)));
  const openedMs = Date.now() - opening;
  const all: number[] = [];
  for (let stage = STAGES / 2; stage < STAGES; stage++) {
    const painted = [ui.page, ...others].map((page) => untilPainted(page, stage));
    const begun = await play(stage);
    all.push(...(await Promise.all(painted.map(({ wait }) => wait(begun)))));
  }
  await Promise.all(others.map((page) => page.close()));
  return {
    'recorded until painted, median, ms': quantile(one, 0.5),
    'recorded until painted p95, ms': quantile(one, 0.95),
    [`${TABS - 1} more tabs opened at once: the last shows its stages, ms`]: openedMs,
    [`${TABS} tabs: recorded until painted in each p95, ms`]: quantile(all, 0.95),
    [`${TABS} tabs: the slowest of ${all.length}, ms`]: quantile(all, 1),
  };
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
  await page.locator('[data-tree-row]').first().waitFor();
  await page.getByText('Live', { exact: true }).waitFor();
}

/** Looks at each frame whether the stage has passed; `wait` answers how long after a moment that was painted, ms. */
function untilPainted(page: Page, stage: number): { wait(begun: number): Promise<number> } {
  const painted = page.evaluate(async (name) => {
    const isPassed = () =>
      [...document.querySelectorAll('[data-tree-row]')].some(
        (row) => row.getAttribute('data-tree-row')?.endsWith(name) && /passed/i.test(row.innerHTML),
      );
    while (!isPassed()) await new Promise((resolve) => requestAnimationFrame(resolve));
    await new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
    return Date.now();
  }, `stage-${stage}`);
  return { wait: async (begun) => (await painted) - begun };
}
