import type { Page } from 'playwright-core';
import { beforeAll, expect, test } from 'vitest';
import type { RunObject } from '#core/rest.ts';
import type { GateState } from '#core/run.ts';
import { describeWith } from '#test/env/describe-with.ts';
import type { TestPerson } from '#test/env/people.ts';
import { AT, ended, node, playBatch, running } from '#test/env/use-api.ts';
import { fillPages } from './fill-pages.ts';
import { listShifts, type Shift, watchShifts } from './layout-shift.ts';
import { listPages } from './pages.ts';
import { settle } from './settle.ts';
import { useUi } from './use-ui.ts';

/** UI §10, of all that moves without a person's doing. */
const MOST = 0.01;
/** What waits for a person comes above all else there, and what stands below it makes room (UI §4.1). */
const HOME = '/acme/shop';
/** Pages at once. */
const WINDOWS = 5;
const GATED = 'gate "ship" { approve from="user:op" }\nstage "a" needs="ship" { image "busybox:1.37"; run "true" }\n';
const OPEN: GateState = {
  name: 'ship',
  status: { kind: 'waiting', reason: { code: 'gate', message: 'waits for a decision' } },
  ...{ openedAt: AT, expiresAt: null, remindedAt: null, decisions: [], unmet: [{ from: 'user:op', min: 1 }] },
};

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
      const early = await playTwenty();
      for (const [index, page] of pages.entries()) {
        const shifts = group[index] === HOME ? (early[index] ?? []) : await listShifts(page);
        const sum = shifts.reduce((total, { value }) => total + value, 0);
        expect(sum, `${group[index]} ${JSON.stringify(shifts)}`).toBeLessThanOrEqual(MOST);
      }

      /**
       * Runs that begin and end, and a gate that opens: when the sidebar tells of it, all before it were told too.
       * Answers what had moved before the gate.
       */
      async function playTwenty(): Promise<Shift[][]> {
        const { api, ann } = ui();
        for (let count = 0; count < 5; count++) {
          const run: RunObject = (await ann('POST', '/pipelines/walked/runs', { branch: 'main' })).body;
          await playBatch(api, run, 1, { run: running, nodes: [node('build', running)] });
          await playBatch(api, run, 2, { run: ended('failed'), nodes: [node('build', ended('failed'))] });
        }
        const moved = await Promise.all(pages.map(listShifts));
        const gated: RunObject = (await ann('POST', '/pipelines/gated/runs', {})).body;
        await playBatch(api, gated, 1, { gates: [OPEN] });
        for (const page of pages) await page.getByRole('link', { name: /^Home\s*1/ }).waitFor();
        await playBatch(api, gated, 2, { gates: [{ ...OPEN, status: ended('passed') }] });
        for (const page of pages) await page.getByRole('link', { name: /^Home$/ }).waitFor();
        return moved;
      }
    },
    90_000,
  );
});

/** Holds all but who is signed in, until the answer is called. */
async function holdAnswers(page: Page): Promise<() => void> {
  const held = Promise.withResolvers<void>();
  await page.route(/\/api\/v1\/(?!me$)/, async (route) => {
    await held.promise;
    await route.continue();
  });
  return held.resolve;
}
