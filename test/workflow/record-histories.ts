import { writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { historyToJSON } from '@temporalio/common/lib/proto-utils.js';
import { startHarness } from './harness.ts';
import { SCENARIOS } from './scenarios.ts';

/**
 * Adds the histories of this release to the corpus: `node test/workflow/record-histories.ts RELEASE [SCENARIO]…`, all
 * scenarios unless some are named. A file that exists is never written again: what it replays has been promised. Of a
 * run that continues as new it is the first execution.
 */
const [release, ...names] = process.argv.slice(2);
if (!release) throw new Error('say the release: node test/workflow/record-histories.ts 0.1.0');
const folder = fileURLToPath(new URL('../../temporal/histories/', import.meta.url));
for (const scenario of SCENARIOS.filter(({ name }) => names.length === 0 || names.includes(name))) {
  const harness = await startHarness(scenario.settings);
  scenario.prepare(harness);
  const run = await harness.start(scenario.outline);
  await scenario.act?.(harness, run);
  await run.result();
  const { workflow } = harness.client;
  const { raw } = await workflow.getHandle(run.workflowId).describe();
  const first = raw.workflowExecutionInfo?.firstRunId ?? undefined;
  const history = await workflow.getHandle(run.workflowId, first).fetchHistory();
  const file = `${folder}${release}-${scenario.name}.json`;
  const content = { workflowId: run.workflowId, history: JSON.parse(historyToJSON(history)) as unknown };
  await writeFile(file, `${JSON.stringify(content)}\n`, { flag: 'wx' });
  process.stdout.write(`${file}\n`);
  await harness.stop();
}
