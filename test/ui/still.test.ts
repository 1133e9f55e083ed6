import type { Page } from 'playwright-core';
import { beforeAll, expect, onTestFinished, test } from 'vitest';
import type { RunObject } from '#core/rest.ts';
import type { GateState } from '#core/run.ts';
import { describeWith } from '#test/env/describe-with.ts';
import type { TestPerson } from '#test/env/people.ts';
import { AT, ended, node, playBatch, running } from '#test/env/use-api.ts';
import { fillPages } from './fill-pages.ts';
import { listShifts, watchShifts } from './layout-shift.ts';
import { listPages } from './pages.ts';
import { settle } from './settle.ts';
import { useUi } from './use-ui.ts';

/** UI §10, of all that moves without a person's doing. */
const MOST = 0.01;
/** Pages at once. */
const WINDOWS = 5;
const GATED = 'gate "ship" { approve from="user:op" }\nstage "a" needs="ship" { image "busybox:1.37"; run "true" }\n';
const OPEN: GateState = {
  name: 'ship',
  status: { kind: 'waiting', reason: { code: 'gate', message: 'waits for a decision' } },
  ...{ openedAt: AT, expiresAt: null, remindedAt: null, decisions: [], unmet: [{ from: 'user:op', min: 1 }] },
};
const PASSED: GateState = { ...OPEN, status: ended('passed') };

describeWith(['chromium'], 'nothing jumps', () => {
  const ui = useUi();
  let person: TestPerson;
  beforeAll(async () => {
    person = await fillPages(ui());
    await ui().ann('POST', '/pipelines?workspace=acme/shop', { name: 'gated', text: GATED });
  });

  const paths = listPages();
  const groups = Array.from({ length: Math.ceil(paths.length / WINDOWS) }, (_, at) =>
    paths.slice(at * WINDOWS, (at + 1) * WINDOWS),
  );
  test.each(groups.map((group) => [group]))(
    'while %s come and twenty events after that',
    async (group) => {
      const first = await ui().visitAs('/admin', person);
      const pages = await Promise.all(
        group.map(async (path) => {
          const page = await first.context().newPage();
          const release = await holdAnswers(page);
          await page.goto(`${ui().origin}${path}`);
          await page.getByRole('heading', { level: 1 }).waitFor();
          // What stands for the page until its answers come.
          await page
            .locator('main [aria-hidden].bg-hover')
            .first()
            .waitFor()
            .catch(() => {});
          release();
          await settle(page);
          await watchShifts(page);
          return page;
        }),
      );
      await playTwenty();
      for (const [index, page] of pages.entries()) await expectStill(page, group[index] ?? '');

      /** Runs that begin and end, and a gate that opens: when the sidebar tells of it, all before it were told too. */
      async function playTwenty(): Promise<void> {
        const { api, ann } = ui();
        for (let count = 0; count < 5; count++) {
          const run: RunObject = (await ann('POST', '/pipelines/walked/runs', { branch: 'main' })).body;
          await playBatch(api, run, 1, { run: running, nodes: [node('build', running)] });
          await playBatch(api, run, 2, { run: ended('failed'), nodes: [node('build', ended('failed'))] });
        }
        const pass = await openGate();
        for (const page of pages) await page.getByRole('link', { name: /^Home\s*1/ }).waitFor();
        await pass();
        for (const page of pages) await page.getByRole('link', { name: /^Home$/ }).waitFor();
      }
    },
    90_000,
  );

  test('what comes to Home waits while somebody points at a row, and joins when they leave', async () => {
    const { api, ann } = ui();
    const before: RunObject = (await ann('POST', '/pipelines/walked/runs', { branch: 'main' })).body;
    await playBatch(api, before, 1, { run: ended('failed') });
    const page = await ui().visitAs('/acme/shop', person);
    const row = page.getByRole('list', { name: 'Broken now' }).getByRole('listitem').first();
    await row.hover();
    await watchShifts(page);
    const pass = await openGate();
    await page.getByRole('button', { name: /newer$/ }).waitFor();
    const waiting = page.getByRole('list', { name: 'Waits for me' });
    expect(await waiting.count()).toBe(0);
    await page.getByRole('navigation', { name: 'Main' }).hover();
    await waiting.waitFor();
    await page.getByRole('button', { name: /newer$/ }).waitFor({ state: 'detached' });
    // What is no more cannot be decided: it goes at once.
    await row.hover();
    await pass();
    await waiting.waitFor({ state: 'detached' });
    await expectStill(page, 'Home');
  });

  test('what is newer is shown when it is asked for', async () => {
    const page = await ui().visitAs('/acme/shop', person);
    await page.locator('main section').first().hover();
    await openGate();
    await page.getByRole('button', { name: /newer$/ }).click();
    await page.getByRole('list', { name: 'Waits for me' }).waitFor();
  });

  /** Opens a gate, which the answer passes; at the end of the test it is passed anyway, so that no other waits there. */
  async function openGate(): Promise<() => Promise<void>> {
    const { api, ann } = ui();
    const run: RunObject = (await ann('POST', '/pipelines/gated/runs', {})).body;
    const pass = () => playBatch(api, run, 2, { gates: [PASSED] });
    onTestFinished(pass);
    await playBatch(api, run, 1, { gates: [OPEN] });
    return pass;
  }
});

/** Holds a page against what may move of it by itself. */
async function expectStill(page: Page, name: string): Promise<void> {
  const shifts = await listShifts(page);
  const sum = shifts.reduce((total, { value }) => total + value, 0);
  expect(sum, `${name} ${JSON.stringify(shifts)}`).toBeLessThanOrEqual(MOST);
}

/** Holds all but who is signed in, until the answer is called. */
async function holdAnswers(page: Page): Promise<() => void> {
  const held = Promise.withResolvers<void>();
  await page.route(/\/api\/v1\/(?!me$)/, async (route) => {
    await held.promise;
    await route.continue();
  });
  return held.resolve;
}
