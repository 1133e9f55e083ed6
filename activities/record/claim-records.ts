import { withPatience } from '#db/away.ts';
import type { Database } from '#db/client.ts';
import { claimHost, loseClaim, releaseClaim, renewClaims } from '#db/queries/host-claims.ts';
import { PATIENCE_MS } from './patience.ts';
import type { ClaimRecords } from './port.ts';

/** Leases of runs on hosts, in Postgres and by its clock. */
export function createClaimRecords(database: Database): ClaimRecords {
  return {
    claimHost: (claim) => withPatience(() => claimHost(database, claim), PATIENCE_MS),
    // A renewal that comes late is no renewal: the caller's timer tries again.
    renewClaims: (hostId) => renewClaims(database, hostId),
    loseClaim: (claim) => withPatience(() => loseClaim(database, claim), PATIENCE_MS),
    releaseClaim: (claim) => withPatience(() => releaseClaim(database, claim), PATIENCE_MS),
  };
}
