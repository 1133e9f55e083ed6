import { numberLabel } from '#core/ids.ts';
import type { Transaction } from '../client.ts';
import type { RunPipeline } from './insert-run.ts';

/** What people call a run. */
export interface RunIdentity {
  /** `local`, or the id of a pipeline on the server: where its number was drawn. */
  scope: string;
  number: number;
  attempt: number;
  /** `local/17.2`, `shop-api#142` */
  label: string;
}

/** The scope of all local runs: one counter of the data folder (ENGINE 13). */
const LOCAL_SCOPE = 'local';

/** Made with a pipeline on the server, which counts its runs by itself. */
export async function insertCounter(transaction: Transaction, pipelineId: string): Promise<void> {
  await transaction`INSERT INTO run_counters (scope) VALUES (${pipelineId})`;
}

/**
 * The next number of a pipeline's runs, or the next attempt under a number. The counter's row and the number's row are
 * locked until the transaction ends: no gap is refilled, none is shared.
 */
export async function drawNumber(
  transaction: Transaction,
  pipeline: RunPipeline,
  rerunOf: { scope: string; number: number } | null,
): Promise<RunIdentity> {
  const prefix = pipeline.kind === 'local' ? `${LOCAL_SCOPE}/` : `${pipeline.name}#`;
  if (rerunOf) {
    const { scope, number } = rerunOf;
    const [row] = await transaction<{ lastAttempt: number }[]>`
      UPDATE run_numbers SET last_attempt = last_attempt + 1 WHERE scope = ${scope} AND number = ${number}
      RETURNING last_attempt`;
    if (!row) throw new Error(`the number ${scope}/${number} was never drawn`);
    const attempt = row.lastAttempt;
    return { scope, number, attempt, label: `${prefix}${numberLabel(number, attempt)}` };
  }
  const scope = pipeline.kind === 'local' ? LOCAL_SCOPE : pipeline.id;
  const [row] = await transaction<{ lastNumber: number }[]>`
    WITH drawn AS (
      UPDATE run_counters SET last_number = last_number + 1 WHERE scope = ${scope} RETURNING last_number
    ), kept AS (
      INSERT INTO run_numbers (scope, number) SELECT ${scope}, last_number FROM drawn
    )
    SELECT last_number FROM drawn`;
  if (!row) throw new Error(`the counter of ${scope} is missing`);
  const number = row.lastNumber;
  return { scope, number, attempt: 1, label: `${prefix}${numberLabel(number, 1)}` };
}
