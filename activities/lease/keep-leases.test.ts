import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { readHostClock } from '#store/host-clock.ts';
import { createFakeRuntime, fakeHost } from '../executor/fake/executor.ts';
import { createMemoryClaims } from '../stage/testing/memory-claims.ts';
import { keepLeases } from './keep-leases.ts';
import { isEnding } from './lease-folder.ts';
import { openLeases } from './renew-leases.ts';

const HOUR_MS = 3_600_000;
const LEASE_MS = 1_500;
/** More renewals than a lease has. */
const RENEWALS = 7;
const RUN = { runId: 'run-1', source: { kind: 'in-place', folder: '/' }, attempts: [] } as const;

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'leases-'));
  vi.useFakeTimers({ toFake: ['Date'] });
});
afterEach(() => {
  vi.useRealTimers();
  rmSync(folder, { recursive: true });
});

it('a clock that is set on ends no program of a host that renews, one that is set back keeps none of one that does not', async () => {
  const runtime = createFakeRuntime();
  const host = fakeHost(runtime);
  const claims = createMemoryClaims();
  await host.openRun(RUN);
  await claims.claimHost({ runId: RUN.runId, hostId: 'host', queue: 'queue', leaseMs: LEASE_MS });
  let renewals = 0;
  let isCutOff = false;
  const leases = openLeases({
    ...{ folder, hostId: 'host', leaseMs: LEASE_MS, claims, report: () => undefined },
    async contact() {
      if (isCutOff) throw new Error('cut off');
      renewals += 1;
    },
    ensureKeeper: async () => undefined,
  });
  await leases.keep(RUN.runId, 'fake', null, readHostClock());
  const report = (error: unknown): never => expect.fail(String(error));
  const keeping = keepLeases({ folder, findHost: () => host, pollMs: 20, idleMs: 100, report });
  vi.setSystemTime(Date.now() + HOUR_MS);
  await vi.waitUntil(() => renewals > RENEWALS, { timeout: 20_000 });
  expect(runtime.runs.has(RUN.runId)).toBe(true);
  isCutOff = true;
  vi.setSystemTime(Date.now() - 2 * HOUR_MS);
  // It leaves when there is no lease any more.
  await keeping;
  expect(runtime.runs.has(RUN.runId)).toBe(false);
  leases.close();
});

it('a lease from before the machine began anew is over', () => {
  expect(isEnding({ renewedAt: 900_000, leaseMs: LEASE_MS }, 10_000)).toBe(true);
  expect(isEnding({ renewedAt: 9_900, leaseMs: LEASE_MS }, 10_000)).toBe(false);
});
