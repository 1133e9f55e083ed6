import type { Database } from '#db/client.ts';
import { claimHost, loseClaim, releaseClaim, renewClaims } from '#db/queries/host-claims.ts';
import type { ClaimRecords } from './port.ts';

/** Leases of runs on hosts, in Postgres and by its clock. */
export function createClaimRecords(database: Database): ClaimRecords {
  return {
    claimHost: (claim) => claimHost(database, claim),
    renewClaims: (hostId) => renewClaims(database, hostId),
    loseClaim: (claim) => loseClaim(database, claim),
    releaseClaim: (claim) => releaseClaim(database, claim),
  };
}
