import type { Page } from 'playwright-core';
import { beforeAll, expect, test } from 'vitest';
import type { RunObject } from '#core/rest.ts';
import type { RecordBatch, Status } from '#core/run.ts';
import { recordAttemptStart } from '#db/queries/record-attempt.ts';
import { describeWith } from '#test/env/describe-with.ts';
import { fresh } from '#test/env/fresh.ts';
import { createGatePlan, createPlan, createStagePlan, needs } from '#test/env/plan.ts';
import { node, playBatch } from '#test/env/use-api.ts';
import { randomDag } from '../../web/src/graph/testing/random-dag.ts';
import { expectAccessible } from './accessibility.ts';
import { takeScreenshot } from './screenshot.ts';
import { writeStageLog } from './stage-log.ts';
import { useUi } from './use-ui.ts';

const now = () => new Date().toISOString();
const runs = (): Status => ({ kind: 'running', attempt: 1, since: now(), heartbeatAt: now() });
const ends = (ending: 'passed' | 'failed' | 'not-run', message?: string): Status => ({
  ...{ kind: 'ended', ending, at: now() },
  reason: message === undefined ? null : { code: 'exit', message },
});
const TEXT = 'stage "a" {\n  run "true"\n}\n';

describeWith(['chromium'], 'the run page', () => {
  const ui = useUi();
  let red: RunObject;

  const start = async (name: string, plan: Parameters<typeof createPlan>[0]): Promise<RunObject> => {
    const { api, ann } = ui();
    api.usePlan(createPlan(plan));
    await ann('POST', '/pipelines?workspace=acme/shop', { name, text: TEXT });
    return (await ann('POST', `/pipelines/${name}/runs?workspace=acme/shop`, {})).body;
  };
  const play = (run: RunObject, version: number, changes: Partial<RecordBatch>) =>
    playBatch(ui().api, run, version, changes);
  const visit = (run: RunObject, rest = '', options: Parameters<ReturnType<typeof ui>['visit']>[2] = {}) =>
    ui().visit(`${run.url}${rest}`, 'bo', options);

  beforeAll(async () => {
    const { api } = ui();
    const steps = ['npm ci', 'npm test'].map((script, index) => ({ script, title: script, line: 12 + index }));
    const legs = ['22', '24'].map((version) =>
      createStagePlan(`test[node=${version}]`, { stage: 'test', leg: { node: version }, needs: needs('build'), steps }),
    );
    red = await start('red', [
      createStagePlan('build'),
      ...legs,
      createStagePlan('deploy', { needs: needs('test[node=22]', 'test[node=24]') }),
    ]);
    const log = await writeStageLog(api, red, 'test[node=22]');
    await log.step('npm ci', 0, () => log.append('added 214 packages\n'));
    await log.step('npm test', 1, async () => {
      await log.append(Array.from({ length: 60 }, (_, index) => `ok ${index + 1} adds up\n`).join(''));
      await log.append('FAIL src/cart.test.ts > <b>totals</b> \u202eround half up\n');
      await log.append('expected 10.01, got 10.00\n');
    });
    await log.end('failed');
    await api.database`
      UPDATE attempts SET result = jsonb_set(result::jsonb, '{step}', '2')::json WHERE run_id = ${red.id}`;
    await play(red, 5, {
      run: ends('failed'),
      nodes: [
        node('build', ends('passed')),
        node('test[node=22]', ends('failed', 'exit 1 in step 2')),
        node('test[node=24]', ends('passed')),
        node('deploy', ends('not-run', 'needs test[node=22]: failed')),
      ],
    });
  }, 60_000);

  test('opens on what failed: stage, step, exit code, first error and last lines, each a link into the log', async () => {
    const page = await visit(red);
    const card = page.getByRole('region', { name: 'What failed' });
    await card.getByText('exit 1').waitFor();
    await card.getByText('step 2 of 2: npm test').waitFor();
    // What others wrote is text, and what would turn it round is shown.
    await card.getByText('FAIL src/cart.test.ts > <b>totals</b> U+202Eround half up').waitFor();
    expect(await page.title()).toBe('✗ #1 · red · BuildIt');
    const last = card.getByRole('link', { name: 'Line 63 in the log' });
    expect((await last.boundingBox())?.y).toBeLessThan(800);
    // The log is open already.
    await page.locator('.log-row[data-key="L63"]').waitFor();
    await last.click();
    await page.locator('.log-is-selected[data-key="L63"]').waitFor();
    expect(page.url()).toContain('/stages/test%5Bnode%3D22%5D#L63');
    await row(page, 'deploy').getByText('needs test[node=22]: failed').waitFor();
  });

  test('what happens changes rows in their place, and nothing else moves', async () => {
    const open = await start('open', [
      createStagePlan('build'),
      createGatePlan('ship', { needs: needs('build') }),
      createStagePlan('deploy', { needs: needs('ship') }),
    ]);
    await play(open, 1, { run: runs(), nodes: [node('build', runs())] });
    const page = await visit(open, '?view=graph');
    await page.locator('.graph-node').first().waitFor();
    const boxes = () => page.locator('.graph-node, [data-tree-row]').evaluateAll((all) => all.map(boxOf).join('\n'));
    await page.evaluate(defineBoxOf);
    const before = await boxes();
    await play(open, 2, { nodes: [node('build', ends('passed'))] });
    await row(page, 'build').getByText('passed').waitFor();
    await page.getByRole('button', { name: 'Stage build, passed, needs nothing' }).waitFor();
    expect(await boxes()).toBe(before);
  });

  test('says what a stage and its services run in, also by their digests once those are known', async () => {
    const name = fresh('beside');
    const ready = { kind: 'tcp' as const, port: 5432, timeoutMs: 60_000 };
    const image = { ref: 'postgres:17', pull: 'missing' as const };
    const db = { name: 'db', image, env: {}, secrets: [], command: null, ready };
    const run = await start(name, [createStagePlan('test', { services: [db] })]);
    const page = await visit(run, '/stages/test');
    const service = page
      .getByRole('term')
      .filter({ hasText: /^Service db$/ })
      .locator('..');
    expect(await service.getByRole('definition').textContent()).toBe('postgres:17');
    const [own, beside] = ['a', 'b'].map((digit) => `sha256:${digit.repeat(64)}`);
    await recordAttemptStart(
      ui().api.database,
      { runId: run.id, stage: 'test', attempt: 1, version: 1 },
      { startedAt: now(), hostId: 'h', image: own ?? '', serviceImages: { db: beside ?? '' } },
    );
    await service.getByText('b'.repeat(12), { exact: true }).waitFor();
    await page.getByText('a'.repeat(12), { exact: true }).waitFor();
    await expectAccessible(page);
    await takeScreenshot(page, 'stage-services');
  });

  test('is used by keyboard alone', async () => {
    // Not what an earlier try has made of it.
    const page = await visit(red, '.1');
    await row(page, 'build').waitFor();
    await page.locator('[data-tree-row][tabindex="0"]').focus();
    await page.keyboard.press('Home');
    expect(await focused(page)).toContain('build');
    await page.keyboard.press('ArrowDown');
    expect(await page.evaluate(() => document.activeElement?.getAttribute('aria-expanded'))).toBe('true');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await page.waitForURL(/stages\/test%5Bnode%3D22%5D/);
    expect(await focused(page)).toContain('node=22');
    await page.keyboard.press('w');
    await page.getByRole('dialog').getByText('Needs').waitFor();
    await page.keyboard.press('Escape');
    expect(await focused(page)).toContain('node=22');
    // A leg that is folded away hands the focus to its matrix.
    await page.keyboard.press('1');
    await expect.poll(() => page.evaluate(() => document.activeElement?.getAttribute('data-tree-row'))).toBe('test[]');
    await expect
      .poll(() => page.locator('[data-tree-row][tabindex="0"]').getAttribute('data-tree-row', { timeout: 1_000 }))
      .toBe('test[]');
    await page.keyboard.press('2');
    await page.keyboard.press('v');
    await page.waitForURL(/view=graph/);
    await page.locator('.graph-node[tabindex="0"]').focus();
    // The first that failed.
    expect(await focused(page)).toContain('test');
    await page.keyboard.press('ArrowRight');
    expect(await page.evaluate(() => document.activeElement?.getAttribute('aria-label'))).toBe(
      'Stage deploy, not run, needs test[node=22], test[node=24]',
    );
    await page.keyboard.press('r');
    await page.getByRole('dialog', { name: 'Re-run red#1' }).getByText('test[node=22], deploy').waitFor();
    await page.keyboard.press('Enter');
    await page.waitForURL(/runs\/1\.[2-9]/);
    const attempts = page.getByRole('navigation', { name: 'Attempts' });
    await attempts.getByRole('link', { name: /Attempt 1$/ }).click();
    await page.waitForURL(/runs\/1\.1$/);
    await page.getByRole('region', { name: 'What failed' }).waitFor();
    await page.getByRole('heading', { level: 1, name: '#1', exact: true }).waitFor();
    await attempts
      .getByRole('link', { name: /Attempt 1$/ })
      .and(page.locator('[aria-current=page]'))
      .waitFor();
  });

  test('is linked to by its attempt, also the first', async () => {
    const run = await start(fresh('linked'), [createStagePlan('build')]);
    const page = await visit(run);
    await page.getByText('Nothing has failed so far').waitFor();
    await page.getByRole('button', { name: 'Copy the link' }).click();
    await page.getByText('Link copied').waitFor();
    expect(await page.evaluate(() => navigator.clipboard.readText())).toMatch(/\/runs\/1\.1$/);
  });

  /** Each with what is there when it is shown. */
  const VIEWS = [
    ['', '.log-row'],
    ['?view=graph', '.graph-node'],
    ['?view=timeline', '[role=treeitem] .timeline-part'],
    ['?view=table', 'table[aria-label=Stages]'],
    ['?tab=approvals', 'text=Nobody has to approve anything'],
    ['?tab=events', 'text=The run as of'],
    ['?tab=plan', 'text=Digest'],
  ] as const;
  const LOOKS = [
    ['dark', 1280],
    ['light', 1280],
    ['dark', 390],
    ['light', 390],
  ] as const;

  test.each(LOOKS)(
    'is accessible in each view, %s at %i px',
    async (theme, width) => {
      const page = await visit(red, '.1', { theme, width });
      for (const [view, sign] of VIEWS) {
        await page.goto(`${ui().origin}${red.url}.1${view}`);
        await row(page, 'deploy').waitFor();
        await page.locator(sign).first().waitFor();
        await expectAccessible(page);
        const isWider = await page.evaluate(() => document.documentElement.scrollWidth > innerWidth);
        expect(isWider, view).toBe(false);
        await takeScreenshot(page, `run${view.replace(/^\?\w+=/, '-')}`);
      }
      await page.keyboard.press('w');
      await page.getByRole('dialog').getByText('Needs').waitFor();
      await expectAccessible(page);
    },
    60_000,
  );

  test.each(LOOKS)('two runs side by side are accessible, %s at %i px', async (theme, width) => {
    const page = await ui().visit('/acme/shop/pipelines/red/compare?base=1.1&head=1.2', 'bo', { theme, width });
    await page.getByText('Endings that changed').waitFor();
    await expectAccessible(page);
    await takeScreenshot(page, 'compare');
  });

  test('of 1,000 stages at most 200 are shown at first, and only those in reach are in the page', async () => {
    const { nodes, edges } = randomDag(1_000);
    const into = Map.groupBy(edges, ([, to]) => to);
    const plan = nodes.map((name) =>
      createStagePlan(name, { needs: needs(...(into.get(name) ?? []).map(([from]) => from)) }),
    );
    const run = await start('wide', plan);
    const page = await visit(run, '?view=graph');
    await page.getByText(/stages folded/).waitFor();
    const folded = Number(/(\d+) stages folded/.exec(await page.locator('body').innerText())?.[1]);
    expect(folded).toBeGreaterThan(800);
    await page.locator('.graph-node').first().waitFor();
    const count = () => page.locator('.graph-node').count();
    expect(await count()).toBeLessThanOrEqual(200);
    await page.getByRole('button', { name: 'Show all' }).click();
    await page.getByRole('button', { name: 'Fold again' }).waitFor();
    await expect.poll(() => page.locator('.graph-node[data-fold]').count()).toBe(0);
    expect(await count()).toBeLessThan(400);
    expect(await page.locator('.graph-layer *').count()).toBeLessThan(4_000);
  });

  test('a table of many stages has all of them, each once, in their order', async () => {
    const names = Array.from({ length: 90 }, (_, at) => `stage-${at}`);
    const run = await start(
      'long',
      names.map((name) => createStagePlan(name)),
    );
    const page = await visit(run, '?view=table');
    const rows = page.getByRole('table', { name: 'Stages' }).locator('tbody tr');
    await rows.nth(89).waitFor();
    expect(await rows.locator('td:nth-child(2)').allInnerTexts()).toEqual(names);
  });

  test('the timeline marks where one step follows another, and its clock is in the zone that was chosen', async () => {
    const run = await start('stepped', [createStagePlan('build')]);
    const log = await writeStageLog(ui().api, run, 'build');
    await log.end('passed');
    const { database } = ui().api;
    await database`
      UPDATE attempts SET started_at = '2026-01-02T03:04:00Z', ended_at = '2026-01-02T03:05:00Z',
        result = jsonb_set(result::jsonb, '{stepMs}', '[15000, 30000]')::json WHERE run_id = ${run.id}`;
    await database`
      UPDATE runs SET created_at = '2026-01-02T03:03:50Z', ended_at = '2026-01-02T03:05:00Z' WHERE id = ${run.id}`;
    await play(run, 2, { run: ends('passed'), nodes: [node('build', ends('passed'))] });
    await database`UPDATE runs SET ended_at = '2026-01-02T03:05:00Z' WHERE id = ${run.id}`;
    const page = await visit(run, '?view=timeline');
    await page.getByRole('treeitem', { name: /ran 1m 00s, in 3 steps/ }).waitFor();
    const share = (index: number) =>
      page
        .locator('.timeline-step')
        .nth(index)
        .evaluate((mark) => {
          const bar = mark.parentElement?.getBoundingClientRect();
          return bar ? (mark.getBoundingClientRect().x - bar.x) / bar.width : 0;
        });
    expect([await share(0), await share(1)].map((part) => Math.round(part * 20))).toEqual([5, 15]);
    // What opens idle time stands beside the marks of time, also where the run begins with it.
    await page.getByRole('button', { name: /^Show 10\.0s in which nothing ran/ }).waitFor();
    const [marks, covered] = await page.getByRole('region', { name: 'Timeline' }).evaluate((view) => {
      const boxes = [...view.querySelectorAll('button[aria-label^="Show "]')].map((one) => one.getBoundingClientRect());
      const times = [...view.querySelectorAll('span.tabular')].filter((one) => /\d/.test(one.textContent));
      const isCovered = (mark: Element) => {
        const { left, right, top, bottom } = mark.getBoundingClientRect();
        return boxes.some((box) => box.left < right && box.right > left && box.top < bottom && box.bottom > top);
      };
      return [times.length, times.filter(isCovered).length];
    });
    expect(marks).toBeGreaterThan(1);
    expect(covered).toBe(0);
    await page.evaluate(() => localStorage.setItem('buildit.clock', 'utc'));
    await page.reload();
    await page.getByRole('switch', { name: 'Clock' }).click();
    await page
      .getByText(/^03:04:\d\d UTC$/)
      .first()
      .waitFor();
    await expectAccessible(page);
    await takeScreenshot(page, 'run-timeline-steps');
  });

  test('a run that is not there is said to be none', async () => {
    const page = await ui().visit('/acme/shop/pipelines/red/runs/99', 'bo');
    await page.getByText('There is no run 99 of red').waitFor();
    ui().forgive(/404/);
  });
});

function row(page: Page, name: string) {
  return page.locator(`[data-tree-row="${name}"]`);
}

function focused(page: Page): Promise<string> {
  return page.evaluate(() => document.activeElement?.textContent ?? '');
}

declare function boxOf(element: Element): string;

function defineBoxOf(): void {
  Object.assign(globalThis, {
    boxOf(element: Element) {
      const { x, y, width, height } = element.getBoundingClientRect();
      return [x, y, width, height].map(Math.round).join(' ');
    },
  });
}
