import { ThumbsDown, ThumbsUp } from 'lucide-react';
import type { GateObject } from '#core/rest.ts';
import { availableIf, type Action } from './action.ts';
import { dialogLater } from './dialog-later.ts';

const ApproveDialog = dialogLater<GateObject>(
  async () => (await import('../pages/run/dialogs/decide-dialog.tsx')).ApproveDialog,
);
const RejectDialog = dialogLater<GateObject>(
  async () => (await import('../pages/run/dialogs/decide-dialog.tsx')).RejectDialog,
);

export const approveGate: Action<GateObject> = {
  ...{ kind: 'dialog', id: 'gate.approve', icon: ThumbsUp, key: 'a', Dialog: ApproveDialog },
  label: () => 'Approve',
  availability: ({ status, can }) => (status.kind === 'ended' ? 'hidden' : availableIf(can.approve)),
};

export const rejectGate: Action<GateObject> = {
  ...{ kind: 'dialog', id: 'gate.reject', icon: ThumbsDown, key: 'd', isDangerous: true, Dialog: RejectDialog },
  label: () => 'Reject',
  availability: ({ status, can }) => (status.kind === 'ended' ? 'hidden' : availableIf(can.approve)),
};
