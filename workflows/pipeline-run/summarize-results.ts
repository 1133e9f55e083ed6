import type { NodeResult } from '#core/run.ts';

/** A workflow's result is one payload (2 MiB at most); outputs of 64 KiB a stage would not fit. */
const MAX_OUTPUT_CHARACTERS = 256 * 1024;

/** Results for whoever asks Temporal; their outputs only while they are small: the rows have them all. */
export function summarizeResults(results: ReadonlyMap<string, NodeResult>): Record<string, NodeResult> {
  let left = MAX_OUTPUT_CHARACTERS;
  return Object.fromEntries(
    [...results].map(([name, result]) => {
      left -= Object.entries(result.outputs).reduce((sum, [key, value]) => sum + key.length + value.length, 0);
      return [name, left >= 0 ? result : { ...result, outputs: {} }];
    }),
  );
}
