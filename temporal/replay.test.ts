import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { historyFromJSON } from '@temporalio/common/lib/proto-utils.js';
import { Worker } from '@temporalio/worker';
import { beforeAll, expect, test } from 'vitest';
import { ensureBundle } from './bundle.ts';
import { installRuntime } from './worker.ts';

const folder = fileURLToPath(new URL('./histories/', import.meta.url));
const files = readdirSync(folder).filter((name) => name.endsWith('.json'));

let codePath: string;
beforeAll(async () => {
  installRuntime();
  codePath = await ensureBundle();
});

test('there are recorded histories', () => {
  expect(files.length).toBeGreaterThan(5);
});

test.each(files)('%s is replayed by the present code', async (file) => {
  const { workflowId, history } = JSON.parse(readFileSync(`${folder}${file}`, 'utf8'));
  await Worker.runReplayHistory({ workflowBundle: { codePath } }, historyFromJSON(history), workflowId);
});
