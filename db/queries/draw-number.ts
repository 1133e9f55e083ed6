import { numberLabel } from '#core/ids.ts';
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
 * The next number of a pipeline's runs, or the next attempt under a number. The counter's row and the number's row are
 * locked until the transaction ends: no gap is refilled, none is shared.
 */
export async function drawNumber(
  transaction: Transaction,
  run: Pick<NewRun, 'pipeline' | 'workspaceId'>,
  rerunOf: { scope: string; number: number } | null,
): Promise<RunIdentity> {
  const { scope, prefix } = scopeOf(run);
  if (rerunOf) {
    const { number } = rerunOf;
    const [row] = await transaction<{ lastAttempt: number }[]>`
      UPDATE run_numbers SET last_attempt = last_attempt + 1 WHERE scope = ${rerunOf.scope} AND number = ${number}
      RETURNING last_attempt`;
    if (!row) throw new Error(`the number ${rerunOf.scope}/${number} was never drawn`);
    const attempt = row.lastAttempt;
    return { scope: rerunOf.scope, number, attempt, label: `${prefix}${numberLabel(number, attempt)}` };
  }
  const [row] = await transaction<{ lastNumber: number }[]>`
    WITH drawn AS (
      INSERT INTO run_counters (scope, last_number) VALUES (${scope}, 1)
      ON CONFLICT (scope) DO UPDATE SET last_number = run_counters.last_number + 1 RETURNING last_number
    ), kept AS (
      INSERT INTO run_numbers (scope, number) SELECT ${scope}, last_number FROM drawn
    )
    SELECT last_number FROM drawn`;
  if (!row) throw new Error('an upsert of a counter answers its row');
  const number = row.lastNumber;
  return { scope, number, attempt: 1, label: `${prefix}${numberLabel(number, 1)}` };
}
