import { createHash } from 'node:crypto';
import type { Page } from 'playwright-core';
import { beforeAll, expect, test } from 'vitest';
import { removeSequences } from '#core/escape-sequences.ts';
import type { RunObject } from '#core/rest.ts';
import { describeWith } from '#test/env/describe-with.ts';
import { createPlan, createStagePlan } from '#test/env/plan.ts';
import { ended, node, playBatch, running } from '#test/env/use-api.ts';
import { expectAccessible } from './accessibility.ts';
import { takeScreenshot } from './screenshot.ts';
import {
  longLine,
  MILLION,
  type StageLog,
  writeFailure,
  writeMillionLines,
  writeStageLog,
  writeStrangeLines,
} from './stage-log.ts';
import { useUi } from './use-ui.ts';

const sha256 = (text: string | Uint8Array) => createHash('sha256').update(text).digest('hex');

/** Texts of the rows that are seen, top to bottom. */
const seenRows = (page: Page) =>
  page.locator('.log-host').evaluate((host) => {
    const { top, bottom } = host.getBoundingClientRect();
    const rows = [...host.querySelectorAll('.log-row')].map((row) => ({ box: row.getBoundingClientRect(), row }));
    const seen = rows.filter(({ box }) => box.bottom > top + 1 && box.top < bottom - 1);
    return seen.toSorted((one, other) => one.box.top - other.box.top).map(({ row }) => row.textContent);
  });
const lineRow = (page: Page, n: number) => page.locator(`.log-row[data-key="L${n}"]`);
const countElements = (page: Page) => page.locator('.log-host').evaluate((host) => host.querySelectorAll('*').length);
const readClipboard = (page: Page) => page.evaluate(() => navigator.clipboard.readText());

describeWith(['chromium'], 'the log pane', () => {
  const ui = useUi();
  let run: RunObject;
  let live: StageLog;
  let stepping: StageLog;
  /** Lines of the live log. */
  let written = 1;

  const open = (stage: string, rest = '', options: Parameters<ReturnType<typeof ui>['visit']>[2] = {}) =>
    ui().visit(`/acme/shop/pipelines/demo/runs/${run.number}/stages/${stage}${rest}`, 'bo', options);

  const grow = async (lines: number) => {
    await live.append(Array.from({ length: lines }, (_, index) => `live ${written + index + 1}\n`).join(''));
    written += lines;
    return written;
  };

  beforeAll(async () => {
    const { api, ann } = ui();
    const stages = ['long', 'strange', 'broken', 'live', 'stepping'];
    api.usePlan(createPlan(stages.map((name) => createStagePlan(name))));
    const text = 'stage "a" {\n  run "true"\n}\n';
    await ann('POST', '/pipelines?workspace=acme/shop', { name: 'demo', text });
    const started = await ann('POST', '/pipelines/demo/runs?workspace=acme/shop', {});
    run = started.body;
    await writeMillionLines(await writeStageLog(api, run, 'long'));
    await writeStrangeLines(await writeStageLog(api, run, 'strange'));
    await writeFailure(await writeStageLog(api, run, 'broken'));
    live = await writeStageLog(api, run, 'live');
    await live.append('first\n');
    stepping = await writeStageLog(api, run, 'stepping');
    await stepping.step('npm run watch', null, () => stepping.append('begin\n'));
    await playBatch(api, run, 5, {
      run: { kind: 'running', attempt: 1, since: new Date().toISOString(), heartbeatAt: new Date().toISOString() },
      nodes: [
        ...['long', 'strange'].map((name) => node(name, ended('passed'))),
        node('broken', ended('failed')),
        node('live', running),
      ],
    });
  }, 120_000);

  test('a million lines open at their end, few of them as elements', async () => {
    const page = await open('long');
    await lineRow(page, MILLION).waitFor();
    expect((await seenRows(page)).at(-1)).toContain(`line ${MILLION} `);
    expect(await countElements(page)).toBeLessThan(500);
    await takeScreenshot(page, 'log-long');
  });

  test('any line is shown by its address, and both ends are reached from it', async () => {
    const page = await open('long', '#L900000-L900002');
    await lineRow(page, 900_000).getByText('thing-900000.ts').waitFor();
    expect(await page.locator('.log-is-selected').count()).toBe(3);
    const seen = await seenRows(page);
    expect(seen.findIndex((text) => text?.startsWith('900000'))).toBeGreaterThan(5);
    await page.locator('.log-host').focus();
    await page.keyboard.press('Home');
    await lineRow(page, 1).getByText('thing-1.ts').waitFor();
    await page.keyboard.press('End');
    await lineRow(page, MILLION).getByText(`thing-${MILLION}.ts`).waitFor();
    expect(await countElements(page)).toBeLessThan(500);
  });

  test('lines chosen by their numbers are in the address, and are copied byte for byte', async () => {
    const page = await open('long', '#L500000');
    await lineRow(page, 500_000).getByText('thing-500000.ts').waitFor();
    await lineRow(page, 499_995).locator('.log-number').click();
    await lineRow(page, 500_004)
      .locator('.log-number')
      .click({ modifiers: ['Shift'] });
    expect(new URL(page.url()).hash).toBe('#L499995-L500004');
    await page.locator('.log-host').focus();
    await page.keyboard.press('Control+c');
    const expected = Array.from({ length: 10 }, (_, index) => longLine(499_995 + index)).join('\n');
    await expect.poll(() => readClipboard(page)).toBe(expected);
  });

  test('a link to a line far away leads there also in a log that is open', async () => {
    const page = await open('long');
    await lineRow(page, MILLION).waitFor();
    await page.evaluate(() => history.pushState(null, '', '#L200000'));
    await lineRow(page, 200_000).getByText('thing-200000.ts').waitFor();
    expect(await page.locator('.log-is-selected').getAttribute('data-key')).toBe('L200000');
  });

  test('five hundred lines are copied exactly, though few of them are shown', async () => {
    const page = await open('long', '#L1001-L1500');
    await page.getByRole('button', { name: 'Copy 500 lines' }).click();
    const expected = Array.from({ length: 500 }, (_, index) => longLine(1_001 + index)).join('\n');
    await expect.poll(async () => sha256(await readClipboard(page))).toBe(sha256(expected));
  });

  test('what is selected with the mouse is copied as it is read', async () => {
    const page = await open('long', '#L500000');
    await lineRow(page, 500_000).getByText('thing-500000.ts').waitFor();
    const [from, to] = [await lineRow(page, 500_001).boundingBox(), await lineRow(page, 500_003).boundingBox()];
    if (!from || !to) throw new Error('the rows are not there');
    await page.mouse.move(from.x + 200, from.y + 10);
    await page.mouse.down();
    await page.mouse.move(to.x + 400, to.y + 10, { steps: 4 });
    await page.mouse.up();
    await page.keyboard.press('Control+c');
    const lines = (await readClipboard(page)).split('\n');
    expect(lines).toHaveLength(3);
    const [first, second, third] = [500_001, 500_002, 500_003].map((n) => removeSequences(longLine(n)));
    expect(lines[1]).toBe(second);
    expect(first?.endsWith(lines[0] ?? '?')).toBe(true);
    expect(third?.startsWith(lines[2] ?? '?')).toBe(true);
  });

  test('what is selected stays selected while the log grows and its index is read anew', async () => {
    const page = await open('live');
    const last = await grow(30);
    await lineRow(page, last).waitFor();
    const selected = await lineRow(page, last - 3).evaluate((row) => {
      document.getSelection()?.selectAllChildren(row);
      return String(document.getSelection());
    });
    const read = page.waitForResponse(/\/log\/index/);
    await grow(2);
    await (await read).finished();
    await page.getByText('2 new lines').waitFor();
    await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))));
    expect(await page.evaluate(() => String(document.getSelection()))).toBe(selected);
    expect(selected).toContain(`live ${last - 3}`);
  });

  test('the download is what the stage printed', async () => {
    const page = await open('long');
    const address = await page.getByRole('link', { name: 'Download' }).getAttribute('href');
    const { digest } = await ui().api.context.stores.logs.index({ runId: run.id, stage: 'long', attempt: 1 });
    const headers = { Authorization: `Bearer ${ui().people.bo.bearer}` };
    const answer = await fetch(`${ui().origin}${address}`, { headers });
    expect(sha256(new Uint8Array(await answer.arrayBuffer()))).toBe(digest);
  });

  test('a search counts all lines, walks its hits, and stands in the address', async () => {
    const page = await open('long');
    await lineRow(page, MILLION).waitFor();
    await page.locator('.log-host').focus();
    await page.keyboard.press('Control+f');
    await page.getByRole('searchbox', { name: 'Search in the log' }).fill('THING-99999');
    const status = page.getByRole('search').getByRole('status');
    await status.getByText('11 lines', { exact: true }).waitFor();
    await page.keyboard.press('Enter');
    await status.getByText('1 of 11 lines').waitFor();
    await lineRow(page, 99_999).locator('.log-hit').getByText('thing-99999').waitFor();
    await page.keyboard.press('Shift+Enter');
    await status.getByText('11 of 11 lines').waitFor();
    await lineRow(page, 999_999).locator('.log-hit').waitFor();
    await takeScreenshot(page, 'log-search');
  });

  test('a hit far to the right is brought into view', async () => {
    const page = await open('strange', '?q=red');
    await page.getByRole('search').getByRole('status').getByText('1 line', { exact: true }).waitFor();
    await page.getByRole('searchbox').press('Enter');
    const hit = page.locator('.log-is-current .log-hit');
    await hit.waitFor();
    const [place, host] = [await hit.boundingBox(), await page.locator('.log-host').boundingBox()];
    if (!place || !host) throw new Error('the hit is not there');
    expect(place.x).toBeGreaterThan(host.x);
    expect(place.x + place.width).toBeLessThan(host.x + host.width);
  });

  test('hits alone are a view that an address keeps, and a pattern that is none is said to be', async () => {
    const page = await open('broken', '?q=test+1%5Cd%2B5%24&regex=1&hits=1');
    const status = page.getByRole('search').getByRole('status');
    await status.getByText('10 lines', { exact: true }).waitFor();
    await page.getByText('302 lines without a hit').waitFor();
    expect(await page.locator('.log-hit').first().textContent()).toBe('test 105');
    await expectAccessible(page);
    await page.getByRole('searchbox').fill('(');
    await status.getByText(/no RE2 pattern/).waitFor();
    ui().forgive(/422/);
  });

  test('a search in all stages opens a hit where it is', async () => {
    const page = await open('strange', '?q=totals+round&everywhere=1');
    await page.getByRole('button', { name: /broken.*totals round half up/ }).click();
    await lineRow(page, 501).getByText('totals round half up').waitFor();
    expect(new URL(page.url()).pathname).toContain('/stages/broken');
  });

  test.each(['dark', 'light'] as const)('what is strange is shown and does nothing, %s', async (theme) => {
    const page = await open('strange', '', { theme });
    await lineRow(page, 1).getByText('<script>alert(1)</script>').waitFor();
    expect(await page.locator('.log-host script, .log-host img, .log-host iframe').count()).toBe(0);
    const links = await page
      .locator('.log-host a[data-link]')
      .evaluateAll((all) => all.map((link) => link.getAttribute('href')));
    expect(links).toEqual(['https://example.com/x', 'https://buildit.example/docs?q=1']);
    const chips = await page.locator('.log-chip').allTextContents();
    expect(chips).toEqual(['U+202E', 'U+202C', 'U+0000', 'U+0007', '\\x9f', '\\xff']);
    expect(await lineRow(page, 6).textContent()).toContain('progress done');
    await page.getByRole('button', { name: '102 updates' }).click();
    await lineRow(page, 6).getByText('progress 57%').waitFor();
    await page.getByText(/18\.2 kB missing, .*, worker lost/).waitFor();
    await page.getByText('1 gap').waitFor();
    await expectAccessible(page);
    await takeScreenshot(page, 'log-strange');
  });

  test('a very long line is cut, and opens as far as rows go', async () => {
    const page = await open('strange');
    await lineRow(page, 7)
      .getByRole('button', { name: /more characters/ })
      .click();
    await lineRow(page, 7)
      .getByText(/more bytes: download the log/)
      .waitFor();
  });

  test('sections of the output fold with what is inside', async () => {
    const page = await open('strange');
    const head = page.getByRole('button', { name: 'Inner group' });
    await head.waitFor();
    expect(await page.getByText('inside 1').count()).toBe(0);
    await head.click();
    await page.getByText('inside 1').waitFor();
  });

  test('a failed stage opens at its first error; errors are walked, and what passed is folded', async () => {
    const page = await open('broken');
    await lineRow(page, 501).waitFor();
    expect((await seenRows(page)).some((text) => text?.includes('totals round half up'))).toBe(true);
    await page.keyboard.press(']');
    await lineRow(page, 553).waitFor();
    expect((await seenRows(page)).at(-1)).toContain('npm ERR! code 1');
    await page.keyboard.press(']');
    await lineRow(page, 501).waitFor();
    await page.locator('.log-host').focus();
    await page.keyboard.press('Home');
    await page.getByRole('button', { name: /^npm ci|npm ci/ }).waitFor();
    expect((await seenRows(page)).slice(0, 3).map((text) => text?.slice(0, 12))).toEqual([
      expect.stringContaining('npm ci'),
      expect.stringContaining('npm test'),
      expect.stringContaining('201'),
    ]);
    await takeScreenshot(page, 'log-failed');
    await expectAccessible(page);
  });

  test('an address inside a folded step opens it', async () => {
    const page = await open('broken', '#L100');
    await lineRow(page, 100).getByText('installing 99').waitFor();
  });

  test('the head of a step that runs folds it and opens it again, while lines come', async () => {
    const page = await open('stepping');
    const head = page.getByRole('button', { name: /npm run watch/ });
    await head.waitFor();
    for (const isOpen of [false, true, false]) {
      await stepping.append('tick\n');
      await head.click();
      await expect.poll(() => head.getAttribute('aria-expanded')).toBe(String(isOpen));
    }
    await stepping.append('tick\n');
    expect(await page.locator('.log-row', { hasText: 'tick' }).count()).toBe(0);
  });

  test('a growing log is followed until the person goes up, and nothing takes that back', async () => {
    const page = await open('live');
    await lineRow(page, 1).waitFor();
    const first = await grow(300);
    await lineRow(page, first).waitFor();
    expect((await seenRows(page)).at(-1)).toContain(`live ${first}`);
    await page.locator('.log-host').hover();
    await page.mouse.wheel(0, -600);
    await expect.poll(async () => (await seenRows(page)).at(-1)).not.toContain(`live ${first}`);
    const seen = await seenRows(page);
    for (let round = 0; round < 10; round++) await grow(200);
    await page.getByRole('button', { name: '2,000 new lines' }).waitFor();
    expect(await seenRows(page)).toEqual(seen);
    await page.getByRole('button', { name: '2,000 new lines' }).click();
    await lineRow(page, first + 2_000).waitFor();
    const last = await grow(50);
    await lineRow(page, last).waitFor();
    expect((await seenRows(page)).at(-1)).toContain(`live ${last}`);
    // A pane that gets another height is no person who goes up.
    for (const height of [500, 900, 600]) await page.setViewportSize({ width: 1280, height });
    const end = await grow(50);
    await lineRow(page, end).waitFor();
    await expect.poll(async () => (await seenRows(page)).at(-1)).toContain(`live ${end}`);
  });

  test('lines that came while there was no network are all there, once', async () => {
    const page = await open('live');
    // The stream of this page alone: that of all tabs has a network of its own.
    await page.addInitScript(() => Reflect.deleteProperty(window, 'SharedWorker'));
    await page.reload();
    const before = await grow(10);
    await lineRow(page, before).waitFor();
    await page.context().setOffline(true);
    await page.getByText('This machine is offline').waitFor();
    await grow(300);
    await page.context().setOffline(false);
    const last = await grow(10);
    await lineRow(page, last).getByText(`live ${last}`).waitFor();
    await page.locator('.log-host').hover();
    await page.mouse.wheel(0, -4_000);
    await lineRow(page, last).waitFor({ state: 'detached' });
    // What is read anew has its place before its words.
    const listWrong = async () => {
      const rows = await page.locator('.log-row[data-key^="L"]').evaluateAll((all) => {
        return all.map((row) => [row.getAttribute('data-key')?.slice(1) ?? '', row.textContent]);
      });
      expect(new Set(rows.map(([n]) => n)).size).toBe(rows.length);
      return rows.filter(([n, text]) => text !== `${n}live ${n}`);
    };
    await expect.poll(listWrong).toEqual([]);
    ui().forgive(/ERR_INTERNET_DISCONNECTED/);
  });

  test('a tab that was not looked at goes on at the end, and lines between are read when they are looked at', async () => {
    const page = await open('live');
    const before = await grow(50);
    await lineRow(page, before).waitFor();
    const turn = (state: 'hidden' | 'visible') =>
      page.evaluate((visibility) => {
        Object.defineProperty(document, 'visibilityState', { configurable: true, get: () => visibility });
        document.dispatchEvent(new Event('visibilitychange'));
      }, state);
    await turn('hidden');
    const away = await grow(3_000);
    await turn('visible');
    await lineRow(page, away).getByText(`live ${away}`).waitFor();
    const last = await grow(5);
    await lineRow(page, last).getByText(`live ${last}`).waitFor();
    await page.evaluate((n) => (location.hash = `#L${n}`), before + 1_000);
    await lineRow(page, before + 1_000)
      .getByText(`live ${before + 1_000}`)
      .waitFor();
  });

  test('lines that could not be read say so, and are read when asked for again', async () => {
    const page = await open('long');
    await lineRow(page, MILLION).waitFor();
    const isRange = /\/log\?from=/;
    await page.route(isRange, (route) => route.abort());
    await page.evaluate(() => (location.hash = '#L300000'));
    await lineRow(page, 300_000)
      .getByText(/not read/)
      .waitFor();
    await page.unroute(isRange);
    await lineRow(page, 300_000).getByRole('button', { name: 'Retry' }).click();
    await lineRow(page, 300_000).getByText('thing-300000.ts').waitFor();
    ui().forgive(/ERR_FAILED/);
  });

  test('wrapped rows stand one below the other', async () => {
    const page = await open('strange', '?wrap=1&time=elapsed', { width: 390 });
    await lineRow(page, 12).getByText('last line').waitFor();
    expect((await seenRows(page)).at(-1)).toContain('last line');
    const boxes = await page
      .locator('.log-row')
      .evaluateAll((rows) => rows.map((row) => row.getBoundingClientRect().toJSON()));
    const apart = boxes.slice(1).map((box, index) => Math.abs(box.top - (boxes[index]?.bottom ?? 0)));
    expect(boxes.length).toBeGreaterThan(5);
    expect(Math.max(...apart)).toBeLessThan(1);
    expect(boxes.some((box) => box.height > 30)).toBe(true);
    await takeScreenshot(page, 'log-wrapped');
  });
});
