import { v7 as createId } from 'uuid';
import type { AttemptReport } from '#core/test-report.ts';
import type { Transaction } from '../client.ts';
import { toStorableText } from '../storable-text.ts';

/** Rows of one statement: a few MB of text at most. */
const ROWS_AT_ONCE = 500;

/** What an attempt reported. Ids grow in the order of the report. */
export async function writeReport(
  transaction: Transaction,
  key: { runId: string; stage: string; attempt: number },
  { tests, notes }: AttemptReport,
): Promise<void> {
  const at = { run_id: key.runId, stage: key.stage, attempt: key.attempt };
  for (let from = 0; from < tests.length; from += ROWS_AT_ONCE) {
    const rows = tests.slice(from, from + ROWS_AT_ONCE).map((test) => ({
      ...{ id: createId(), ...at, suite: toStorableText(test.suite), name: toStorableText(test.name) },
      ...{ outcome: test.outcome, duration_ms: test.durationMs, line: test.line, flaky: test.flaky },
      ...{ message: store(test.message), trace: store(test.trace), file: store(test.file) },
    }));
    await transaction`INSERT INTO test_results ${transaction(rows)}`;
  }
  for (const { name, text } of notes) {
    const row = { id: createId(), ...at, name: toStorableText(name), text: toStorableText(text) };
    await transaction`INSERT INTO notes ${transaction(row)}`;
  }
}

function store(text: string | null): string | null {
  return text && toStorableText(text);
}
