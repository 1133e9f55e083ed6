import { CircleStop, RotateCw } from 'lucide-react';
import { MOST_OF_BATCH } from '#core/rest-batch.ts';
import type { Can, RunObject } from '#core/rest.ts';
import type { Action, Availability } from './action.ts';
import { dialogLater } from './dialog-later.ts';

/** Runs of one workspace that were chosen together. */
export interface RunBatch {
  /** Ids of all of them. */
  id: string;
  runs: readonly RunObject[];
  /** When it is done. */
  onDone(): void;
}

const loadDialogs = () => import('../pages/runs/batch-dialogs.tsx');
const CancelDialog = dialogLater<RunBatch>(async () => (await loadDialogs()).CancelRunsDialog);
const RerunDialog = dialogLater<RunBatch>(async () => (await loadDialogs()).RerunRunsDialog);

/** A batch is refused whole (UI §9): what the server would refuse is said before. */
function availableTogether({ runs }: RunBatch, canOf: (run: RunObject) => Can): Availability {
  if (runs.length > MOST_OF_BATCH) return { no: `at most ${MOST_OF_BATCH} at once` };
  const reasons = runs.map(canOf).flatMap((can) => (can === true ? [] : [can.no]));
  const [first] = reasons;
  if (first === undefined) return 'yes';
  return { no: reasons.length === 1 ? first : `${reasons.length} of ${runs.length} cannot: ${first}` };
}

export const cancelRuns: Action<RunBatch> = {
  ...{ kind: 'dialog', id: 'run.cancel-batch', icon: CircleStop, isDangerous: true, Dialog: CancelDialog },
  label: ({ runs }) => `Cancel ${runs.length}…`,
  availability: (batch) =>
    availableTogether(batch, ({ status, label, can }) =>
      status.kind === 'cancelling' ? { no: `${label} is being cancelled`, code: 'run-cancelling' } : can.cancel,
    ),
};

export const rerunRuns: Action<RunBatch> = {
  ...{ kind: 'dialog', id: 'run.rerun-batch', icon: RotateCw, Dialog: RerunDialog },
  label: ({ runs }) => `Re-run ${runs.length}…`,
  availability: (batch) => availableTogether(batch, ({ can }) => can.rerun),
};
