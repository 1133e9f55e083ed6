import type { Page } from 'playwright-core';
import { sortByRank } from '#web/app/palette/match.ts';
import { quantile } from '../quantile.ts';
import type { BenchUi } from './open-ui.ts';

const ROUNDS = 5;
const PIPELINES = 200;
const ENTRIES = 5_000;
const TEXT = 'image "busybox:1.37"\nstage "a" { run "true" }\n';
const TYPED = 'pipeline 19';
/** UI §10: a machine that is so many times slower. */
const SLOWER = 4;

/** Home with nothing kept, and the palette over as many pipelines as it holds: each beside the least it can be. */
export async function measureHome({ page, origin, owner }: BenchUi): Promise<Record<string, number>> {
  for (let at = 0; at < PIPELINES; at++) {
    await owner('POST', '/pipelines?workspace=acme/shop', { name: `pipeline-${at}`, text: TEXT });
  }
  const devtools = await page.context().newCDPSession(page);
  const [answers, paints, usable, bytes]: number[][] = [[], [], [], []];
  for (let round = 0; round < ROUNDS; round++) {
    await devtools.send('Network.clearBrowserCache');
    const from = performance.now();
    await owner('GET', '/me/inbox');
    answers?.push(performance.now() - from);
    await page.goto(`${origin}/acme/shop`);
    await page.getByText('Nothing waits for you').waitFor();
    usable?.push(await page.evaluate(() => performance.now()));
    paints?.push(await firstPaint(page));
    bytes?.push(await loadedBytes(page));
  }
  const keys = await typeInPalette(page);
  await page.keyboard.press('Escape');
  await devtools.send('Emulation.setCPUThrottlingRate', { rate: SLOWER });
  const slowKeys = await typeInPalette(page);
  await devtools.send('Emulation.setCPUThrottlingRate', { rate: 1 });
  const names = Array.from({ length: ENTRIES }, (_, at) => `pipeline-${at} of team ${at % 7}`);
  const ranks = Array.from({ length: 40 }, (_, at) => {
    const from = performance.now();
    sortByRank(TYPED.slice(0, 1 + (at % TYPED.length)), names, String, () => 0);
    return performance.now() - from;
  });
  const median = (values: number[] | undefined) => quantile(values ?? [], 0.5);
  return {
    'inbox by the API alone, ms': median(answers),
    'home: first paint, ms': median(paints),
    'home: its rows shown, ms': median(usable),
    'home: code over the wire, kB': median(bytes) / 1_000,
    'palette: key until painted p95, ms': quantile(keys, 0.95),
    [`palette: the same on a processor ${SLOWER} times slower, ms`]: quantile(slowKeys, 0.95),
    'palette: 5,000 entries ranked p95, ms': quantile(ranks, 0.95),
  };
}

function firstPaint(page: Page): Promise<number> {
  return page.evaluate(() => performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? Number.NaN);
}

function loadedBytes(page: Page): Promise<number> {
  return page.evaluate(() =>
    (performance.getEntriesByType('resource') as PerformanceResourceTiming[])
      .filter(({ name }) => name.endsWith('.js'))
      .reduce((sum, { encodedBodySize }) => sum + encodedBodySize, 0),
  );
}

/** From each key to the frame after its answer was drawn. */
async function typeInPalette(page: Page): Promise<number[]> {
  await page.keyboard.press('Control+k');
  await page.getByRole('combobox').waitFor();
  await page.evaluate(() => {
    const took: number[] = [];
    Object.assign(window, { took });
    document.addEventListener('keydown', (event) => {
      requestAnimationFrame(() => setTimeout(() => took.push(performance.now() - event.timeStamp)));
    });
  });
  for (const letter of TYPED) await page.keyboard.type(letter, { delay: 80 });
  return page.evaluate(() => (window as unknown as { took: number[] }).took);
}
