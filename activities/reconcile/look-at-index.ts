import type { WorkflowDirectory } from './port.ts';

/** What the index of workflows says of the open runs, as far as it was asked. */
export interface IndexLook {
  /** Runs of all open workflows; null when it was asked for their number alone. */
  open: ReadonlySet<string> | null;
  /** Those of them that could not be carried on several times. */
  reported: ReadonlySet<string>;
}

/** So many are listed each time: it costs less than finding out whether it is necessary. */
const FEW = 100;
/** More of them at least every so many minutes. */
const LIST_EVERY = 10;
const MINUTE_MS = 60_000;

/**
 * Asks the index of workflows about the open runs. A thousand that wait for a person are the same workflows minute after
 * minute, and naming them costs the server half a second of processor time where counting them costs a hundredth. So of
 * many the names are asked for when their number is not that of the open rows, while strays are known of, and every ten
 * minutes, should one that is lost and one too many make up for each other.
 */
export async function lookAtIndex(
  workflows: Pick<WorkflowDirectory, 'countOpen' | 'listOpen' | 'listReported'>,
  known: { openRows: number; hasStrays: boolean },
  now: number,
): Promise<IndexLook> {
  const isDue = Math.floor(now / MINUTE_MS) % LIST_EVERY === 0;
  const isListed =
    known.openRows <= FEW || known.hasStrays || isDue || (await workflows.countOpen()) !== known.openRows;
  return {
    open: isListed ? await collect(workflows.listOpen()) : null,
    // A server that does not know the question has told the names all the same.
    reported: await collect(workflows.listReported()).catch(() => new Set<string>()),
  };
}

async function collect(runIds: AsyncIterable<string>): Promise<ReadonlySet<string>> {
  const found = new Set<string>();
  for await (const runId of runIds) found.add(runId);
  return found;
}
