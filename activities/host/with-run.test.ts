import { expect, test } from 'vitest';
import type { RecordBatch } from '#core/run.ts';
import { openHostWithRun } from './with-run.ts';

const CLAIM = { isOurs: true, isOnlyHost: true };
const HOST = { hostId: 'h', queue: 'host/h', leaseMs: 0, executor: 'process' } as const;
const ASKED = { runId: 'r', workflowRunId: 'w', opens: { executor: 'process' as const, stages: ['a'] } };
const BATCH: RecordBatch = { runId: 'r', version: 2, at: '', run: null, nodes: [], gates: [] };

function open({ claim = CLAIM, isBroken = false } = {}) {
  const told: string[] = [];
  const tell = async (what: string) => {
    told.push(what);
    if (isBroken) throw new Error('broken');
  };
  const { claimRun, recordBatch } = openHostWithRun(
    { claimRun: async () => claim, recordBatch: async () => void told.push('recorded') },
    {
      openHost: ({ stages }) => tell(`opened for ${stages.join()}`).then(() => HOST),
      closeHost: ({ hostId }) => tell(`left ${hostId}`),
    },
    (_, what) => void told.push(what),
  );
  return { told, claimRun, recordBatch };
}

test('the claim of a run opens the only host, and its last record leaves it', async () => {
  const { told, claimRun, recordBatch } = open();
  expect(await claimRun(ASKED)).toEqual({ ...CLAIM, host: HOST });
  await recordBatch(BATCH);
  await recordBatch({ ...BATCH, leaves: 'h' });
  expect(told).toEqual(['opened for a', 'recorded', 'recorded', 'left h']);
});

test.each([
  [{ isOurs: false, isOnlyHost: true }, ASKED],
  [{ isOurs: true, isOnlyHost: false }, ASKED],
  [CLAIM, { runId: 'r', workflowRunId: 'w' }],
])('nothing is opened for %j and %j', async (claim, asked) => {
  const { told, claimRun } = open({ claim });
  expect(await claimRun(asked)).toEqual(claim);
  expect(told).toEqual([]);
});

test('a host that cannot be opened is left to the workflow, one that cannot be left to the reaper', async () => {
  const { told, claimRun, recordBatch } = open({ isBroken: true });
  expect(await claimRun(ASKED)).toEqual(CLAIM);
  await recordBatch({ ...BATCH, leaves: 'h' });
  expect(told).toEqual(['opened for a', 'open the host of r', 'recorded', 'left h', 'leave the host of r']);
});
