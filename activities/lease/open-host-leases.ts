import { join } from 'node:path';
import type { Settings } from '#config/system/settings.ts';
import type { ClaimRecords } from '../record/port.ts';
import type { HostLeases } from './renew-leases.ts';

/** Turns of the keeper a lease: so that it ends programs within its part of the lease (lease-folder.ts). */
const KEEPER_TURNS = 30;
/** Leases after which a keeper without work leaves. */
const KEEPER_IDLE = 2;

/**
 * The leases of this worker's host as the settings say. Without a lease nothing is renewed: the machine owns its queue
 * for good, nobody else could take its runs over. Several workers of one host renew the same claims.
 */
export async function openHostLeases(
  settings: Pick<Settings, 'dataFolder' | 'instanceId' | 'boxImage' | 'host'>,
  deps: {
    claims: Pick<ClaimRecords, 'renewClaims'>;
    contact(): Promise<void>;
    report(error: unknown, what: string): void;
  },
): Promise<HostLeases> {
  const { id: hostId, leaseMs } = settings.host;
  if (leaseMs === 0) return { keep: async () => {}, drop: async () => {}, close: () => {} };
  const [{ ensureKeeper }, { openLeases }] = await Promise.all([
    import('./keeper-process.ts'),
    import('./renew-leases.ts'),
  ]);
  const folder = join(settings.dataFolder, 'leases');
  return openLeases({
    ...{ folder, hostId, leaseMs, claims: deps.claims, contact: deps.contact, report: deps.report },
    ensureKeeper: () =>
      ensureKeeper({
        ...{ folder, instance: settings.instanceId, image: settings.boxImage },
        processFolder: join(settings.dataFolder, 'processes'),
        pollMs: leaseMs / KEEPER_TURNS,
        idleMs: leaseMs * KEEPER_IDLE,
      }),
  });
}
