import { setTimeout as delay } from 'node:timers/promises';
import type { ExecutorKind } from '#core/plan.ts';
import { readHostClock } from '#store/host-clock.ts';
import type { ExecutorHost } from '../executor/port.ts';
import { dropLease, isEnding, type Lease, listLeases } from './lease-folder.ts';

export interface KeeperOptions {
  folder: string;
  findHost(kind: ExecutorKind, dockerEndpoint: string | null): ExecutorHost;
  pollMs: number;
  /** Without any lease for so long it leaves. */
  idleMs: number;
  report(error: unknown, what: string): void;
}

/**
 * The keeper's life: ends the programs of every run whose lease is not renewed any more, before it runs out; then the
 * lease is dropped. What cannot be ended is tried again at every turn. Resolves when there was nothing to keep.
 */
export async function keepLeases(options: KeeperOptions): Promise<void> {
  let busyAt = readHostClock();
  for (;;) {
    const leases = await listLeases(options.folder);
    const now = readHostClock();
    if (leases.length > 0) busyAt = now;
    if (now - busyAt > options.idleMs) return;
    const ending = leases.filter((lease) => isEnding(lease, now));
    await Promise.all(ending.map((lease) => endRun(options, lease)));
    await delay(options.pollMs);
  }
}

async function endRun(options: KeeperOptions, lease: Lease): Promise<void> {
  try {
    const hosts = lease.places.map(({ executor, dockerEndpoint }) => options.findHost(executor, dockerEndpoint));
    await Promise.all(hosts.map((host) => host.closeRun(lease.runId)));
    await dropLease(options.folder, lease.runId);
  } catch (error) {
    options.report(error, `end the run ${lease.runId} whose lease runs out`);
  }
}
