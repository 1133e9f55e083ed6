import type { RunWithNames } from '#db/queries/find-run.ts';
import type { ApiContext } from '../context.ts';
import { toProblem } from '../problem.ts';
import { sendUpdate } from './send.ts';

/** Runs that are asked at once. */
const AT_ONCE = 16;
/** From here on no further run is asked: each may take 5 s, and a person waits 10. */
const BEGIN_MS = 4_000;

type Change =
  | { kind: 'pause'; id: string; by: string; reason: string | null }
  | { kind: 'resume'; id: string; by: string };

/** What became of each run that was asked; the others were not. */
export interface Asked {
  done: RunWithNames[];
  refused: { run: RunWithNames; code: string; message: string }[];
  /** Of ours: whether the run has changed is not known. */
  faults: { run: RunWithNames; thrown: unknown }[];
}

/** Asks each for its change, as many as there is time for. A fault of ours stops none of the others. */
export async function askRuns(
  context: ApiContext,
  runs: readonly RunWithNames[],
  createChange: (run: RunWithNames) => Change,
): Promise<Asked> {
  const asked: Asked = { done: [], refused: [], faults: [] };
  const waiting = [...runs];
  const begun = performance.now();
  const work = async () => {
    while (performance.now() - begun < BEGIN_MS) {
      const run = waiting.shift();
      if (!run) return;
      const change = createChange(run);
      try {
        await sendUpdate(context, run, { id: change.id, name: 'changeRun', args: [change] });
        asked.done.push(run);
      } catch (thrown) {
        const { problem } = toProblem(thrown);
        if (problem.status >= 500) asked.faults.push({ run, thrown });
        else asked.refused.push({ run, code: problem.code, message: problem.detail });
      }
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return asked;
}
