import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { historyFromJSON } from '@temporalio/common/lib/proto-utils.js';
import { Worker } from '@temporalio/worker';
import { beforeAll, expect, test } from 'vitest';
import { PATCHES } from '#workflows/patches.ts';
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

/** Ids of the changes that a run has taken part in: the markers of `patched`. */
function readPatches(file: string): string[] {
  const { events } = JSON.parse(readFileSync(`${folder}${file}`, 'utf8')).history as { events: RecordedEvent[] };
  return events.flatMap(({ markerRecordedEventAttributes: marker }) => {
    if (marker?.markerName !== 'core_patch') return [];
    const data = marker.details['patch-data']?.payloads[0]?.data ?? '';
    return (JSON.parse(Buffer.from(data, 'base64').toString()) as { id: string }).id;
  });
}

interface RecordedEvent {
  markerRecordedEventAttributes?: {
    markerName: string;
    details: Record<string, { payloads: { data: string }[] } | undefined>;
  };
}

test.each(Object.keys(PATCHES))('%s: a run from before it goes on without it, one from after it takes part', (id) => {
  // Both are among those replayed below.
  const read = (when: string) => files.filter((name) => name.includes(`-${when}-${id}`)).map(readPatches);
  expect(read('before')).toEqual([[]]);
  expect(read('after')).toEqual([[id]]);
});

test.each(files)('%s is replayed by the present code', async (file) => {
  const { workflowId, history } = JSON.parse(readFileSync(`${folder}${file}`, 'utf8'));
  await Worker.runReplayHistory({ workflowBundle: { codePath } }, historyFromJSON(history), workflowId);
});
