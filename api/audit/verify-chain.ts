import type { AuditBreak, AuditVerification } from '#core/rest-audit.ts';
import { chainHash, digestEvent, FIRST_HASH } from '#db/audit-digest.ts';
import type { Database } from '#db/client.ts';
import { readAuditChain, readAuditEnd } from '#db/queries/audit.ts';

const ROWS_AT_ONCE = 1_000;

/** How far a chain is known to be what it was. */
export interface ChainPlace {
  rows: number;
  hash: string;
  /** Of the last of these rows; null before the first. */
  at: string | null;
}

export const CHAIN_START: ChainPlace = { rows: 0, hash: FIRST_HASH, at: null };

/**
 * Walks an organization's chain from its first row, or from where an earlier walk came to, to the head and names the first row that is not what it was. Rows
 * that are written meanwhile are left out: the head is read first.
 *
 * It finds what is changed, removed, added or moved in the tables. Who writes the whole chain anew, head included, is
 * found by comparing an earlier head that was kept elsewhere: hence it is in the answer.
 */
export async function verifyChain(
  database: Database,
  organizationId: string,
  signal: AbortSignal,
  from = CHAIN_START,
  onPlace: (place: ChainPlace) => void = () => {},
): Promise<AuditVerification> {
  const { head, last } = await readAuditEnd(database, organizationId);
  const end = head?.seq ?? 0;
  let { rows, hash } = from;
  const answer = (broken: AuditBreak | null): AuditVerification => ({
    verdict: broken ? 'broken' : 'intact',
    rows,
    verifiedAt: new Date().toISOString(),
    head,
    broken,
  });
  while (rows < end) {
    signal.throwIfAborted();
    const stretch = await readAuditChain(database, organizationId, rows, end, ROWS_AT_ONCE);
    const expected = rows + 1;
    if (stretch.length === 0) return answer(missing(expected));
    for (const row of stretch) {
      rows += 1;
      if (row.seq !== rows) return answer(missing(rows));
      if (digestEvent(row) !== row.digest) {
        return answer({ seq: row.seq, id: row.id, reason: 'altered', detail: `row ${row.seq} was changed` });
      }
      hash = chainHash(hash, row.seq, row.digest);
      if (hash !== row.hash) {
        const detail = `row ${row.seq} does not follow the one before it`;
        return answer({ seq: row.seq, id: row.id, reason: 'unchained', detail });
      }
    }
    onPlace({ rows, hash, at: stretch.at(-1)?.at ?? null });
  }
  if (head && hash !== head.hash) {
    return answer({ seq: end, id: null, reason: 'unchained', detail: `row ${end} is not the end of the chain` });
  }
  if (last && !head) return answer({ ...last, reason: 'missing', detail: 'the end of the chain is gone' });
  if (last && last.seq > end) {
    const detail = `row ${last.seq} stands behind the end of the chain`;
    return answer({ seq: last.seq, id: last.id, reason: 'added', detail });
  }
  return answer(null);
}

export function missing(seq: number): AuditBreak {
  return { seq, id: null, reason: 'missing', detail: `row ${seq} is gone` };
}
