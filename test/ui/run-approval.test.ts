import { expect, test } from 'vitest';
import type { Decision } from '#core/gate.ts';
import type { RunObject } from '#core/rest.ts';
import type { GateState } from '#core/run.ts';
import { describeWith } from '#test/env/describe-with.ts';
import { createGatePlan, createPlan, createStagePlan, needs } from '#test/env/plan.ts';
import { ended, node, playBatch, running } from '#test/env/use-api.ts';
import { expectAccessible } from './accessibility.ts';
import { takeScreenshot } from './screenshot.ts';
import { useUi } from './use-ui.ts';

const RULES = [
  { from: 'user:bo', min: 1 },
  { from: 'user:ann', min: 1 },
];
const asking = (more: Partial<GateState> = {}): GateState => ({
  ...{ name: 'ship', openedAt: new Date().toISOString(), remindedAt: null, decisions: [], unmet: RULES },
  expiresAt: new Date(Date.now() + 3_600_000).toISOString(),
  status: { kind: 'waiting', reason: { code: 'gate', message: 'waits for a decision: 1 of user:bo, 1 of user:ann' } },
  ...more,
});

describeWith(['chromium'], 'an approval', () => {
  const ui = useUi();

  const start = async (name: string): Promise<RunObject> => {
    const { api, ann } = ui();
    const { gate } = createGatePlan('ship');
    api.usePlan(
      createPlan([
        createStagePlan('build'),
        createGatePlan('ship', { needs: needs('build'), gate: { ...gate, approve: RULES } }),
      ]),
    );
    await ann('POST', '/pipelines?workspace=acme/shop', { name, text: 'stage "a" {\n  run "true"\n}\n' });
    const run: RunObject = (await ann('POST', `/pipelines/${name}/runs?workspace=acme/shop`, {})).body;
    await playBatch(api, run, 1, { run: running, nodes: [node('build', ended('passed'))], gates: [asking()] });
    return run;
  };

  test.each(['dark', 'light'] as const)(
    'that somebody else gives is said in the dialog that is open, with who met which rule, %s',
    async (theme) => {
      const run = await start(`two-${theme}`);
      const page = await ui().visit(`${run.url}/stages/ship`, 'ann', { theme });
      await page.getByText(/^in (1h 00m|59m \d\ds)$/).waitFor();
      await page.keyboard.press('a');
      const dialog = page.getByRole('dialog', { name: 'Approve ship' });
      await dialog.waitFor();
      const decision: Decision = {
        ...{ id: 'd1', verdict: 'approve', actor: { id: 'user:bo', teams: [], verified: true }, comment: 'fine' },
        ...{ fields: {}, planDigest: run.planDigest, at: new Date().toISOString() },
      };
      const gates = [asking({ decisions: [decision], unmet: RULES.slice(1) })];
      await playBatch(ui().api, run, 2, { gates });
      await dialog
        .getByRole('status')
        .getByText(/^bo approved \d+s ago, 1 of 2 left$/)
        .waitFor();
      await dialog.getByRole('listitem').filter({ hasText: '1 of 1' }).getByText('by bo').waitFor();
      await expectAccessible(page);
      await takeScreenshot(page, 'run-approve');
      const button = dialog.getByRole('button', { name: 'Approve' });
      expect(await button.getAttribute('aria-disabled')).not.toBe('true');
    },
  );

  test('of a plan that is another one meanwhile is void at once', async () => {
    const run = await start('void');
    const page = await ui().visit(`${run.url}/stages/ship`, 'ann');
    await page.getByRole('button', { name: 'Approve' }).waitFor();
    await page.keyboard.press('a');
    const dialog = page.getByRole('dialog', { name: 'Approve ship' });
    await dialog.waitFor();
    await ui().api.database`UPDATE runs SET plan_digest = ${'f'.repeat(64)} WHERE id = ${run.id}`;
    await playBatch(ui().api, run, 2, { gates: [asking()] });
    await dialog.getByRole('status').getByText('The plan is another one now: ffffffffffff').waitFor();
    expect(await dialog.getByRole('button', { name: 'Approve' }).getAttribute('aria-disabled')).toBe('true');
  });
});
