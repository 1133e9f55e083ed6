import { FaultError } from '#core/fault.ts';
import type { ClaimRecords } from '../../record/port.ts';

interface Claim {
  leaseMs: number;
  renewedAt: number;
  isLost: boolean;
}

/** Claims without a database: one world for all hosts of a test. */
export function createMemoryClaims(): ClaimRecords {
  const claims = new Map<string, Claim>();
  const nameOf = (runId: string, hostId: string): string => `${hostId} ${runId}`;
  return {
    async claimHost({ runId, hostId, leaseMs }) {
      const known = claims.get(nameOf(runId, hostId));
      if (known?.isLost) throw new FaultError({ code: 'host-lost', message: 'given up', retry: { kind: 'no' } });
      claims.set(nameOf(runId, hostId), { leaseMs, renewedAt: Date.now(), isLost: false });
      return [...claims].filter(([name, claim]) => name.startsWith(`${hostId} `) && !claim.isLost).length;
    },
    async renewClaims(hostId) {
      const mine = [...claims].filter(([name]) => name.startsWith(`${hostId} `));
      const runOf = (name: string): string => name.slice(hostId.length + 1);
      for (const [, claim] of mine) if (!claim.isLost) claim.renewedAt = Date.now();
      return {
        renewed: mine.filter(([, claim]) => !claim.isLost).map(([name]) => runOf(name)),
        lost: mine.filter(([, claim]) => claim.isLost).map(([name]) => runOf(name)),
      };
    },
    async loseClaim({ runId, hostId }) {
      const claim = claims.get(nameOf(runId, hostId));
      if (!claim) return { isLost: true, remainingMs: 0 };
      claim.isLost ||= claim.renewedAt < Date.now() - claim.leaseMs / 2;
      return { isLost: claim.isLost, remainingMs: claim.leaseMs / 2 };
    },
    async releaseClaim({ runId, hostId }) {
      claims.delete(nameOf(runId, hostId));
    },
  };
}
