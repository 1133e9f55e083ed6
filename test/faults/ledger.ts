import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A line that a stage wrote by itself into a file that is not BuildIt's. */
export interface LedgerLine {
  what: 'begun' | 'ended';
  runId: string;
  stage: string;
  attempt: number;
  /** SHA-256 of what it printed; of one that has ended. */
  digest: string | null;
}

/** How a stage prints: `parts` times the file `blob` beside the ledger, a pause between them. */
export interface Printing {
  parts: number;
  /** For `sleep`. */
  pause: string;
}

/**
 * The step of a stage that keeps its own account: that it begins, and when it is over the digest of all it printed,
 * which it has written into `said/` as well. `then` is run last. Its working folder is that of the ledger.
 */
export function writeStep({ parts, pause }: Printing, then = ''): string {
  const who = '$BUILDIT_RUN_ID $BUILDIT_STAGE $BUILDIT_STAGE_ATTEMPT';
  const said = 'said/$BUILDIT_RUN_ID-$BUILDIT_STAGE-$BUILDIT_STAGE_ATTEMPT';
  const lines = [
    `echo "begun ${who}" >> ledger`,
    `i=0; while [ $i -lt ${parts} ]; do cat blob; sleep ${pause}; i=$((i+1)); done | tee ${said}`,
    then,
    `echo "ended ${who} $(sha256sum < ${said} | cut -c1-64)" >> ledger`,
  ];
  return `run #"""\n${lines.filter(Boolean).join('\n')}\n"""#`;
}

export function readLedger(folder: string): LedgerLine[] {
  const file = join(folder, 'ledger');
  if (!existsSync(file)) appendFileSync(file, '');
  const lines = readFileSync(file, 'utf8').split('\n').filter(Boolean);
  return lines.map((line) => {
    const [what, runId = '', stage = '', attempt, digest] = line.split(' ');
    if (what !== 'begun' && what !== 'ended') throw new Error(`the ledger has the line ${line}`);
    return { what, runId, stage, attempt: Number(attempt), digest: digest ?? null };
  });
}
