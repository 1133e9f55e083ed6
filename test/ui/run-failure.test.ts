import { Readable } from 'node:stream';
import { pack } from 'tar-stream';
import { expect, test } from 'vitest';
import type { Reason } from '#core/attempt.ts';
import type { RunObject } from '#core/rest.ts';
import type { Status } from '#core/run.ts';
import { describeWith } from '#test/env/describe-with.ts';
import { createGatePlan, createPlan, createStagePlan, needs } from '#test/env/plan.ts';
import { node, playBatch } from '#test/env/use-api.ts';
import { expectAccessible } from './accessibility.ts';
import { listShifts, watchShifts } from './layout-shift.ts';
import { takeScreenshot } from './screenshot.ts';
import { writeStageLog } from './stage-log.ts';
import { useUi } from './use-ui.ts';

const now = () => new Date().toISOString();
const runs = (): Status => ({ kind: 'running', attempt: 1, since: now(), heartbeatAt: now() });
const DEAD: Reason = {
  code: 'service-ended',
  message: 'the service "db" ended with exit 1 before it was ready',
  values: {
    ...{ service: 'db', exit: '1' },
    log: [...Array.from({ length: 49 }, (_, index) => `starting ${index}`), 'FATAL: <b>no space</b>'].join('\n'),
  },
};

describeWith(['chromium'], 'a failure on the run page', () => {
  const ui = useUi();

  /** An open run of three stages that execute. */
  const start = async (name: string): Promise<RunObject> => {
    const { api, ann } = ui();
    const steps = [{ script: 'npm test', title: 'npm test', line: 12 }];
    api.usePlan(createPlan(['lint', 'test', 'docs'].map((stage) => createStagePlan(stage, { steps }))));
    await ann('POST', '/pipelines?workspace=acme/shop', { name, text: 'stage "a" {\n  run "true"\n}\n' });
    const run: RunObject = (await ann('POST', `/pipelines/${name}/runs?workspace=acme/shop`, {})).body;
    const nodes = ['lint', 'test', 'docs'].map((stage) => node(stage, runs()));
    await playBatch(api, run, 1, { run: runs(), nodes });
    return run;
  };
  const fail = async (run: RunObject, stage: string, version: number, reason: Reason | null) => {
    const { api } = ui();
    const log = await writeStageLog(api, run, stage);
    await log.step('npm test', 1, () => log.append('expected 10.01, got 10.00\n'));
    await log.end('failed', { reason });
    const at = now();
    await playBatch(api, run, version, { nodes: [node(stage, { kind: 'ended', ending: 'failed', reason, at })] });
  };

  test('stands in the place that was kept for it, and opens by a press: nothing that is read moves', async () => {
    const run = await start('live');
    const page = await ui().visit(`${run.url}/stages/docs`, 'ann');
    await page.getByText('Nothing has failed so far').waitFor();
    await page.locator('[data-tree-row=docs]').getByText('running').waitFor();
    await watchShifts(page);
    await fail(run, 'test', 5, DEAD);
    const card = page.getByRole('region', { name: 'What failed' });
    await card.getByText('before it was ready').waitFor();
    expect((await listShifts(page)).filter(({ value }) => value > 0.01)).toEqual([]);
    await card.getByRole('button', { expanded: false }).click();
    await card.getByRole('button', { name: 'Run test again' }).waitFor();
    // While its siblings run, `r` is one more attempt of the stage that is open, and asks before.
    await page.locator('[data-tree-row=test]').click();
    await page.waitForURL(/stages\/test/);
    await page.keyboard.press('r');
    const dialog = page.getByRole('dialog', { name: 'Run test again' });
    await dialog.getByText('one more attempt in this run').waitFor();
    const asked = page.waitForRequest(/retry-stage/);
    await dialog.getByRole('button', { name: 'Run test again' }).click();
    expect((await asked).postDataJSON()).toEqual({ stage: 'test' });
  });

  test.each([
    ['dark', 1280],
    ['light', 390],
  ] as const)(
    'of an open run is there at once, the first in time open, with the service that was the cause, %s at %i px',
    async (theme, width) => {
      const run = await start(`two-${theme}`);
      await fail(run, 'test', 5, DEAD);
      await fail(run, 'lint', 6, { code: 'exit', message: 'exit 1 in step 1' });
      const page = await ui().visit(run.url, 'ann', { theme, width });
      const card = page.getByRole('region', { name: 'What failed' });
      await card.getByText(DEAD.message).waitFor();
      await card.getByText(/kdl:12/).waitFor();
      const other = card.getByRole('list', { name: 'Also failed' }).getByRole('button', { name: /lint/ });
      await other.waitFor();
      if (width === 1280) expect((await other.boundingBox())?.y).toBeLessThan(800);
      await card.getByText('Last 50 lines of the service db').click();
      await card.getByText('FATAL: <b>no space</b>').scrollIntoViewIfNeeded();
      await expectAccessible(page);
      await takeScreenshot(page, 'run-failure-open');
      await card.getByRole('button', { name: 'Open shell' }).click();
      const dialog = page.getByRole('dialog', { name: 'A shell in test' });
      await dialog.getByText(`buildit shell ${run.label} 'test'`).waitFor();
      await expectAccessible(page);
      await page.keyboard.press('Escape');
      await dialog.waitFor({ state: 'detached' });
    },
  );

  test('whoever may not open a terminal is told the reason', async () => {
    const run = await start('shells');
    await fail(run, 'test', 5, null);
    const page = await ui().visit(run.url, 'bo');
    const button = page.getByRole('region', { name: 'What failed' }).getByRole('button', { name: 'Open shell' });
    await button.focus();
    expect(await button.getAttribute('aria-disabled')).toBe('true');
    await page.getByRole('tooltip').getByText('run:shell').waitFor();
  });

  test('a stage that is held for a terminal says how one is opened', async () => {
    const run = await start('held');
    const reason = { code: 'held-after-failure', message: 'failed; held for a terminal' };
    await playBatch(ui().api, run, 5, { nodes: [node('test', { kind: 'paused', reason })] });
    const page = await ui().visit(`${run.url}/stages/test`, 'ann');
    await page.getByText(`buildit shell ${run.label} 'test'`).waitFor();
  });

  test.each(['dark', 'light'] as const)(
    'is run again knowing what that does outside, which approvals stay and what has expired; with a shell, %s',
    async (theme) => {
      const { api, ann } = ui();
      const { gate } = createGatePlan('ship');
      api.usePlan(
        createPlan([
          createStagePlan('build'),
          createGatePlan('ship', { needs: needs('build'), gate }),
          createStagePlan('deploy', { needs: needs('ship'), artifactsFrom: ['build'], environment: 'production' }),
        ]),
      );
      await ann('POST', '/pipelines?workspace=acme/shop', {
        name: `again-${theme}`,
        text: 'stage "a" {\n  run "true"\n}\n',
      });
      await ann('POST', '/environments?workspace=acme/shop', { name: 'production' });
      const run: RunObject = (await ann('POST', `/pipelines/again-${theme}/runs?workspace=acme/shop`, {})).body;
      const artifact = { runId: run.id, stage: 'build', attempt: 1, name: 'site' };
      const log = await writeStageLog(api, run, 'build');
      const tar = pack();
      tar.entry({ name: 'index.html' }, 'hello');
      tar.finalize();
      const saved = await api.context.stores.artifacts.save(artifact, Readable.from(tar));
      await log.end('passed', { artifacts: [saved] });
      await api.database`UPDATE artifacts SET expires_at = now() - interval '2 days' WHERE run_id = ${run.id}`;
      const done = (ending: 'passed' | 'failed'): Status => ({ kind: 'ended', ending, reason: null, at: now() });
      const nodes = [node('build', done('passed')), node('ship', done('passed')), node('deploy', done('failed'))];
      await playBatch(api, run, 5, { run: done('failed'), nodes });
      const page = await ui().visit(run.url, 'ann', { theme });
      await page.getByRole('region', { name: 'What failed' }).waitFor();
      await page.keyboard.press('r');
      const dialog = page.getByRole('dialog', { name: `Re-run ${run.label}` });
      await dialog.getByText('deploy to production: what was done is not undone').waitFor();
      await dialog.getByText('Stays approved').waitFor();
      await dialog.getByText('site, which deploy needs, expired 2 d ago').waitFor();
      await expectAccessible(page);
      await takeScreenshot(page, 'run-again');
      await dialog.getByRole('button', { name: 'From build, which makes it anew' }).click();
      await dialog.getByText('ship: approvals of this run do not count').waitFor();
      await dialog.getByLabel('With a shell').check();
      await dialog.getByRole('button', { name: 'Re-run' }).click();
      const begun = page.getByRole('dialog', { name: `${run.label}.2 has begun` });
      await begun.getByText(`buildit shell ${run.label}.2 'build'`).waitFor();
      await expectAccessible(page);
      const [row] = await api.database`SELECT debug FROM runs WHERE label = ${`${run.label}.2`}`;
      expect(row).toMatchObject({ debug: { shellOnFailure: true } });
      await begun.getByRole('button', { name: 'Go to the run' }).click();
      await page.waitForURL(/runs\/1\.2/);
    },
  );
});
