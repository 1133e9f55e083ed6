import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import type { RunObject } from '#core/rest.ts';
import { createPlan, createStagePlan } from '#test/env/plan.ts';
import { ended, node, playBatch, running } from '#test/env/use-api.ts';
import { longLine, MILLION, type StageLog, writeMillionLines, writeStageLog } from '#test/ui/stage-log.ts';
import { quantile } from '../quantile.ts';
import type { BenchUi } from './open-ui.ts';

const ROUNDS = 5;
const FRAMES = 200;
const LAGS = 40;

/** A log of 1,000,000 lines in the pane (UI §10): each figure beside the least it can be. */
export async function measureLog(ui: BenchUi): Promise<Record<string, number>> {
  const { run, live } = await prepare(ui);
  const { page, origin, owner } = ui;
  const base = `/acme/shop/pipelines/demo/runs/${run.number}/stages`;
  await page.goto(`${origin}${base}/live`);
  await page.locator('.log-row').first().waitFor();

  const [open, tail, jump, jumpAgain, first, total, pattern] = [0, 0, 0, 0, 0, 0, 0].map((): number[] => []);
  for (let round = 0; round < ROUNDS; round++) {
    await page.goto(`${origin}${base}/live`);
    await page.locator('.log-row').first().waitFor();
    tail?.push(await timeOf(() => owner('GET', `/runs/${run.id}/stages/long/attempts/1/log?tail=500`)));
    open?.push(await untilPainted(page, { click: 'long' }, `[data-key="L${MILLION}"]`, `line ${MILLION}`));
    jump?.push(await untilPainted(page, { hash: '#L900000' }, '[data-key="L900000"]', 'line 900000'));
    await untilPainted(page, { hash: '#L100' }, '[data-key="L100"]', 'line 100');
    jumpAgain?.push(await untilPainted(page, { hash: '#L900000' }, '[data-key="L900000"]', 'line 900000'));
    const words = await search(page, 'THING-99999', false);
    first?.push(words.first);
    total?.push(words.total);
    pattern?.push((await search(page, 'line 9{4}\\d? ', true)).total);
  }
  const elements = await page.evaluate(() => document.querySelectorAll('.log-host *').length);
  const idle = await frames(page, 0);
  const scrolling = await frames(page, 240);
  await page.goto(`${origin}${base}/live`);
  await page.locator('.log-row').first().waitFor();
  const lags = await tailLags(page, live);
  const median = (values: number[] | undefined) => quantile(values ?? [], 0.5);
  return {
    'tail of 500 by the API alone, ms': median(tail),
    'stage chosen until its last lines are painted, ms': median(open),
    '#L900000 until painted, with its data, ms': median(jump),
    '#L900000 until painted, data at hand, ms': median(jumpAgain),
    'elements of the log at 1080 px': elements,
    'frame while nothing moves p95, ms': quantile(idle, 0.95),
    'frame while scrolling p95, ms': quantile(scrolling, 0.95),
    'grep -ci of the same bytes, ms': grepMs(),
    'search: first hit shown, ms': median(first),
    'search: exact total shown, ms': median(total),
    'RE2 search: exact total shown, ms': median(pattern),
    'line appended until painted p50, ms': quantile(lags, 0.5),
    'line appended until painted p95, ms': quantile(lags, 0.95),
  };
}

async function prepare({ api, owner }: BenchUi): Promise<{ run: RunObject; live: StageLog }> {
  api.usePlan(createPlan([createStagePlan('long'), createStagePlan('live')]));
  await owner('POST', '/pipelines?workspace=acme/shop', { name: 'demo', text: 'stage "a" {\n  run "true"\n}\n' });
  const run: RunObject = (await owner('POST', '/pipelines/demo/runs?workspace=acme/shop', {})).body;
  await writeMillionLines(await writeStageLog(api, run, 'long'));
  const live = await writeStageLog(api, run, 'live');
  await live.append('first\n');
  await playBatch(api, run, 5, { run: running, nodes: [node('long', ended('passed')), node('live', running)] });
  return { run, live };
}

async function timeOf(act: () => Promise<unknown>): Promise<number> {
  const begun = performance.now();
  await act();
  return performance.now() - begun;
}

/** From the act until the frame in which a row has the text, by the page's own clock. */
function untilPainted(
  page: Page,
  act: { click: string } | { hash: string },
  row: string,
  text: string,
): Promise<number> {
  return page.evaluate(
    async ([wanted, selector, words]) => {
      const begun = performance.now();
      if ('hash' in wanted) location.hash = wanted.hash;
      else
        [...document.querySelectorAll<HTMLElement>('[role=row]')]
          .find((one) => one.textContent?.startsWith(wanted.click))
          ?.click();
      for (;;) {
        await new Promise(requestAnimationFrame);
        const found = document.querySelector(`.log-host ${selector}`);
        if (found?.textContent?.includes(words)) return performance.now() - begun;
      }
    },
    [act, row, text] as const,
  );
}

/** From the last key until the first hit and the total are there, the settling of the keys included. */
async function search(page: Page, text: string, isPattern: boolean): Promise<{ first: number; total: number }> {
  await page.locator('.log-host').focus();
  await page.keyboard.press('Control+f');
  const toggle = page.getByRole('button', { name: 'RE2 pattern' });
  if (((await toggle.getAttribute('aria-pressed')) === 'true') !== isPattern) await toggle.click();
  await page.getByRole('searchbox').fill(text);
  const times = await page.evaluate(async () => {
    const begun = performance.now();
    let first = 0;
    for (;;) {
      await new Promise(requestAnimationFrame);
      const status = document.querySelector('[role=search] [role=status]')?.textContent ?? '';
      if (first === 0 && /\d/.test(status)) first = performance.now() - begun;
      if (/\d lines?/.test(status)) return { first, total: performance.now() - begun };
    }
  });
  await page.keyboard.press('Escape');
  return times;
}

/** Lengths of frames while the wheel turns by so many pixels, again and again. */
async function frames(page: Page, pixels: number): Promise<number[]> {
  await page.locator('.log-host').hover();
  const sampled = page.evaluate(async (count) => {
    const lengths: number[] = [];
    let before = await new Promise<number>(requestAnimationFrame);
    for (let frame = 0; frame < count; frame++) {
      const now = await new Promise<number>(requestAnimationFrame);
      lengths.push(now - before);
      before = now;
    }
    return lengths;
  }, FRAMES);
  let isOver = false;
  const over = sampled.finally(() => {
    isOver = true;
  });
  while (!isOver && pixels !== 0) await page.mouse.wheel(0, -pixels);
  return over;
}

async function tailLags(page: Page, live: StageLog): Promise<number[]> {
  const lags: number[] = [];
  for (let round = 0; round < LAGS; round++) {
    const begun = Date.now();
    const shown = page.evaluate(async (mark) => {
      for (;;) {
        await new Promise(requestAnimationFrame);
        if (document.querySelector('.log-layer')?.textContent?.includes(mark)) return Date.now();
      }
    }, `mark ${begun}.`);
    await live.append(`mark ${begun}.\n`);
    lags.push((await shown) - begun);
  }
  return lags;
}

function grepMs(): number {
  const folder = mkdtempSync(join(tmpdir(), 'buildit-bench-'));
  const file = join(folder, 'log');
  writeFileSync(file, Array.from({ length: MILLION }, (_, index) => `${longLine(index + 1)}\n`).join(''));
  const took: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const begun = performance.now();
    spawnSync('grep', ['-ci', 'thing-99999', file]);
    took.push(performance.now() - begun);
  }
  rmSync(folder, { recursive: true, force: true });
  return quantile(took, 0.5);
}
