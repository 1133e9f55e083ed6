import type { Transaction } from '../client.ts';
import type { NewRun } from './insert-run.ts';

/** What people call a run. */
export interface RunIdentity {
  /** `local`, `remote:WORKSPACE`, or the id of a pipeline on the server: where its number was drawn. */
  scope: string;
  number: number;
  attempt: number;
  /** `local/17.2`, `shop-api#142` */
  label: string;
}

/** Where the numbers of a pipeline's runs come from, and what stands before them in a label. */
function scopeOf({ pipeline, workspaceId }: Pick<NewRun, 'pipeline' | 'workspaceId'>): {
  scope: string;
  prefix: string;
} {
  switch (pipeline.kind) {
    case 'local':
      // One counter of the data folder (ENGINE 13).
      return { scope: 'local', prefix: 'local/' };
    case 'remote':
      return { scope: `remote:${workspaceId}`, prefix: 'remote/' };
    case 'server':
      return { scope: pipeline.id, prefix: `${pipeline.name}#` };
    default:
      return pipeline satisfies never;
  }
}

/**
 * A statement's `drawn`, of one row: the next number of a pipeline's runs with its label (core/ids.ts, `numberLabel`), or
 * the next attempt under a number; no row for a number that was never drawn. The counter's row or the number's row is
 * locked from then on until the transaction ends: no gap is refilled, none is shared, and others wait. So it is a part of
 * the statement that uses it.
 */
export function drawNumber(transaction: Transaction, run: Pick<NewRun, 'pipeline' | 'workspaceId' | 'rerunOf'>) {
  const { scope, prefix } = scopeOf(run);
  if (run.rerunOf) {
    return transaction`
      drawn AS (
        UPDATE run_numbers SET last_attempt = last_attempt + 1
        WHERE scope = ${run.rerunOf.scope} AND number = ${run.rerunOf.number}
        RETURNING scope, number, last_attempt AS attempt, ${prefix}::text || number || '.' || last_attempt AS label)`;
  }
  return transaction`
    counted AS (
      INSERT INTO run_counters (scope, last_number) VALUES (${scope}, 1)
      ON CONFLICT (scope) DO UPDATE SET last_number = run_counters.last_number + 1
      RETURNING run_counters.scope, last_number),
    drawn AS (
      INSERT INTO run_numbers (scope, number) SELECT scope, last_number FROM counted
      RETURNING scope, number, last_attempt AS attempt, ${prefix}::text || number AS label)`;
}
