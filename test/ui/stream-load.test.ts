import { expect, test } from 'vitest';
import type { RunObject } from '#core/rest.ts';
import { describeWith } from '#test/env/describe-with.ts';
import { createPlan, createStagePlan } from '#test/env/plan.ts';
import { ended, node, playBatch, running } from '#test/env/use-api.ts';
import { listTasks } from './tasks.ts';
import { useUi } from './use-ui.ts';

/** UI §10. Of the processor's own time: what other programs of the machine take is not the page's. */
const LONG_TASK_MS = 50;
const STAGES = 200;
const [BATCHES, CHANGES] = [30, 20];

describeWith(['chromium'], 'many events', () => {
  const ui = useUi();

  test('six hundred, as fast as they can be recorded, make no task of the page longer than 50 ms', async () => {
    const { api, ann } = ui();
    const names = Array.from({ length: STAGES }, (_, index) => `stage-${index}`);
    api.usePlan(createPlan(names.map((name) => createStagePlan(name))));
    await ann('POST', '/pipelines?workspace=acme/shop', { name: 'busy', text: 'stage "a" {\n  run "true"\n}\n' });
    const run: RunObject = (await ann('POST', '/pipelines/busy/runs', {})).body;
    await playBatch(api, run, 1, { run: running });
    const page = await ui().visit(run.url, 'ann');
    await page.locator('[data-tree-row="stage-0"]').waitFor();
    const tasks = await listTasks(page, async () => {
      for (let batch = 0; batch < BATCHES; batch++) {
        const nodes = Array.from({ length: CHANGES }, (_, index) => {
          const name = names[(batch * CHANGES + index) % STAGES] ?? '';
          return node(name, batch * CHANGES < 2 * STAGES ? running : ended('passed'));
        });
        await playBatch(api, run, batch + 2, { nodes });
      }
      await playBatch(api, run, BATCHES + 2, { run: ended('passed') });
      await page.locator('header').getByText('Passed').waitFor();
    });
    expect(tasks.length).toBeGreaterThan(BATCHES);
    expect(tasks.filter((ms) => ms > LONG_TASK_MS)).toEqual([]);
  }, 60_000);
});
