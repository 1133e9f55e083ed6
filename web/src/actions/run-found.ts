import { RotateCw } from 'lucide-react';
import { isFailure } from '#core/ending.ts';
import type { InboxRun } from '#core/rest-inbox.ts';
import { availableIf, type Action } from './action.ts';
import { dialogLater } from './dialog-later.ts';

const RerunFoundDialog = dialogLater<InboxRun>(
  async () => (await import('../pages/home/rerun-found-dialog.tsx')).RerunFoundDialog,
);

/** Of a run in a list that has no more than its summary: what the dialog needs is read when it opens. */
export const rerunFound: Action<InboxRun> = {
  ...{ kind: 'dialog', id: 'run.rerun-found', icon: RotateCw, Dialog: RerunFoundDialog },
  label: () => 'Re-run',
  availability: ({ status, can }) =>
    status.kind === 'ended' && isFailure(status.ending) ? availableIf(can.rerun) : 'hidden',
};
