import type { Page } from 'playwright-core';
import type { RunObject } from '#core/rest.ts';
import { createPlan, createStagePlan } from '#test/env/plan.ts';
import { ended, node, playBatch } from '#test/env/use-api.ts';
import { randomDag } from '../../web/src/graph/testing/random-dag.ts';
import { quantile } from '../quantile.ts';
import type { BenchUi } from './open-ui.ts';

const ROUNDS = 3;
const FRAMES = 240;
const SIZES = [1_000, 2_000];
const UPDATES = 20;
const BATCHES = 40;

/** Runs of 1,000 and 2,000 stages in the graph (UI §6, §10): each figure beside the least it can be. */
export async function measureGraph(ui: BenchUi): Promise<Record<string, number>> {
  const figures: Record<string, number> = {};
  for (const size of SIZES) {
    const run = await prepare(ui, size);
    Object.assign(figures, await measureRun(ui, run, size));
  }
  return figures;
}

async function measureRun({ api, page, origin }: BenchUi, run: RunObject, size: number) {
  const cpu = await openMeter(page);
  const work: Record<string, number> = {};
  const [folded, whole] = [[], []] as [number[], number[]];
  for (let round = 0; round < ROUNDS; round++) {
    await page.goto(`${origin}${run.url}?tab=approvals`);
    await page.getByRole('link', { name: 'Graph', exact: true }).waitFor();
    await page.locator('[data-tree-row]').first().waitFor();
    await cpu();
    folded.push(await untilNodes(page, 'Graph'));
    work['Graph'] = await cpu();
    whole.push(await untilNodes(page, 'Show all'));
    work['Show all'] = await cpu();
  }
  const elements = await page.evaluate(() => document.querySelectorAll('.graph-layer *').length);
  await cpu();
  const idle = await frames(page, FRAMES, false);
  work['idle'] = await cpu();
  const near = await frames(page, FRAMES, true);
  work['near'] = await cpu();
  await page.getByRole('button', { name: 'Fit' }).click();
  await cpu();
  const far = await frames(page, FRAMES, true);
  work['far'] = await cpu();
  await page.getByRole('button', { name: 'Fit' }).click();
  const before = await boxes(page);
  await cpu();
  const updating = frames(page, FRAMES, false);
  for (let batch = 0; batch < BATCHES; batch++) {
    const nodes = Array.from({ length: UPDATES }, (_, index) =>
      node(`stage-${batch * UPDATES + index}`, ended(index % 7 === 0 ? 'failed' : 'passed')),
    );
    await playBatch(api, run, batch + 2, { nodes });
  }
  const updates = await updating;
  work['updates'] = await cpu();
  const moved = (await boxes(page)).filter((box, index) => box !== before[index]).length;
  const of = (what: string) => `${size} stages: ${what}`;
  return {
    [of('chosen until 200 at most are painted, ms')]: quantile(folded, 0.5),
    [of('  of it the page at work, ms')]: work['Graph'] ?? 0,
    [of('"Show all" until all in reach are painted, ms')]: quantile(whole, 0.5),
    [of('  of that the page at work, ms')]: work['Show all'] ?? 0,
    [of('elements of the graph at 1080 px, all shown')]: elements,
    [of('frame while nothing moves p95, ms')]: quantile(idle, 0.95),
    [of('page at work in such a frame, ms')]: (work['idle'] ?? 0) / FRAMES,
    [of('frame of a pan as it opens p95, ms')]: quantile(near, 0.95),
    [of('page at work in such a frame of a pan, ms')]: (work['near'] ?? 0) / FRAMES,
    [of('frame of a pan at 25 % p95, ms')]: quantile(far, 0.95),
    [of('page at work in such a frame at 25 %, ms')]: (work['far'] ?? 0) / FRAMES,
    [of('frame while 20 stages at a time change p95, ms')]: quantile(updates, 0.95),
    [of('page at work for 20 changes, ms')]: (work['updates'] ?? 0) / BATCHES,
    [of('nodes that moved by that')]: moved,
  };
}

/** Processor time of the page's own thread since the last reading, ms: what other programs take is not in it. */
async function openMeter(page: Page): Promise<() => Promise<number>> {
  const session = await page.context().newCDPSession(page);
  await session.send('Performance.enable', { timeDomain: 'threadTicks' });
  let last = 0;
  return async () => {
    const { metrics } = await session.send('Performance.getMetrics');
    const now = metrics.find(({ name }) => name === 'TaskDuration')?.value ?? 0;
    const taken = now - last;
    last = now;
    return taken * 1_000;
  };
}

async function prepare({ api, owner }: BenchUi, size: number): Promise<RunObject> {
  const { nodes, edges } = randomDag(size);
  const needs = Map.groupBy(edges, ([, to]) => to);
  const plan = nodes.map((name) =>
    createStagePlan(name, { needs: (needs.get(name) ?? []).map(([to]) => ({ to, on: 'success' })) }),
  );
  api.usePlan(createPlan(plan));
  const name = `graph-${size}`;
  await owner('POST', '/pipelines?workspace=acme/shop', { name, text: 'stage "a" {\n  run "true"\n}\n' });
  const run: RunObject = (await owner('POST', `/pipelines/${name}/runs?workspace=acme/shop`, {})).body;
  const at = new Date().toISOString();
  await playBatch(api, run, 1, { run: { kind: 'running', attempt: 1, since: at, heartbeatAt: at } });
  return run;
}

/** From a click until the frame in which other nodes than before are painted, by the page's own clock. */
function untilNodes(page: Page, text: string): Promise<number> {
  return page.evaluate(async (wanted) => {
    const count = () => document.querySelectorAll('.graph-node').length;
    const before = count();
    const begun = performance.now();
    const all = [...document.querySelectorAll<HTMLElement>('a, button')];
    all.find(({ textContent }) => textContent?.trim() === wanted)?.click();
    while (count() === before || count() < 2) await new Promise((resolve) => requestAnimationFrame(resolve));
    await new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
    return performance.now() - begun;
  }, text);
}

/** Times between frames, ms; with a drag of 12 px in each to the left, up and down. */
function frames(page: Page, count: number, isPanning: boolean): Promise<number[]> {
  return page.evaluate(
    async ([many, pans]) => {
      const frame = document.querySelector('.graph-frame');
      const box = frame?.getBoundingClientRect() ?? new DOMRect();
      let [x, y] = [box.right - 20, box.top + box.height / 2];
      const send = (type: string) =>
        frame?.dispatchEvent(new MouseEvent(type, { bubbles: true, clientX: x, clientY: y, button: 0 }));
      // Of a pointer that no device moves: there is nothing to capture.
      if (frame) Object.assign(frame, { setPointerCapture: () => {}, hasPointerCapture: () => true });
      const times: number[] = [];
      if (pans) send('pointerdown');
      for (let index = 0, last = performance.now(); index < many; index++) {
        await new Promise((resolve) => requestAnimationFrame(resolve));
        const now = performance.now();
        if (index > 2) times.push(now - last);
        last = now;
        if (!pans) continue;
        x -= 12;
        y += index % 60 < 30 ? 4 : -4;
        send('pointermove');
      }
      if (pans) send('pointerup');
      return times;
    },
    [count, isPanning] as const,
  );
}

function boxes(page: Page): Promise<string[]> {
  return page
    .locator('.graph-node')
    .evaluateAll((all) => all.map((one) => JSON.stringify(one.getBoundingClientRect())));
}
