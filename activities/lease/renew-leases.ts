import type { ExecutorKind } from '#core/plan.ts';
import { readHostClock } from '#store/host-clock.ts';
import type { ClaimRecords } from '../record/port.ts';
import { dropLease, touchLease, writeLease } from './lease-folder.ts';

/** Renewals a lease: one may be slow or fail without harm. */
const RENEWALS = 6;

export interface LeaseDeps {
  folder: string;
  hostId: string;
  leaseMs: number;
  claims: Pick<ClaimRecords, 'renewClaims'>;
  /** Rejects while this worker has no contact to Temporal: then it may not say that its host is alive. */
  contact(): Promise<void>;
  /** Makes sure that somebody watches the leases. */
  ensureKeeper(): Promise<void>;
  report(error: unknown, what: string): void;
}

export interface HostLeases {
  /** A run has come to this host; its claim was asked for at `claimedAt`, by the clock of the host. */
  keep(runId: string, executor: ExecutorKind, dockerEndpoint: string | null, claimedAt: number): Promise<void>;
  drop(runId: string): Promise<void>;
  /** Stops renewing; what runs goes on until its lease ends. */
  close(): void;
}

/**
 * The worker's side of its host's leases (ARCHITECTURE §3.9). A lease counts from before its renewal was asked for, so
 * the keeper's idea of its end is never later than the database's.
 */
export function openLeases(deps: LeaseDeps): HostLeases {
  let isRenewing = false;

  async function renew(): Promise<void> {
    if (isRenewing) return;
    isRenewing = true;
    try {
      const at = readHostClock();
      await deps.contact();
      const { renewed, lost } = await deps.claims.renewClaims(deps.hostId);
      await Promise.all([
        ...renewed.map((runId) => touchLease(deps.folder, runId, at)),
        ...lost.map((runId) => touchLease(deps.folder, runId, 0)),
      ]);
      if (renewed.length > 0) await deps.ensureKeeper();
    } catch (error) {
      deps.report(error, 'renew the leases of this host');
    } finally {
      isRenewing = false;
    }
  }

  const timer = setInterval(() => void renew(), deps.leaseMs / RENEWALS);
  timer.unref();
  return {
    async keep(runId, executor, dockerEndpoint, claimedAt) {
      const lease = { runId, leaseMs: deps.leaseMs, places: [{ executor, dockerEndpoint }] };
      await writeLease(deps.folder, lease, claimedAt);
      await deps.ensureKeeper();
    },
    drop: (runId) => dropLease(deps.folder, runId),
    close: () => clearInterval(timer),
  };
}
