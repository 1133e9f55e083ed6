import { ThumbsDown, ThumbsUp } from 'lucide-react';
import type { InboxGate } from '#core/rest-inbox.ts';
import type { GateObject } from '#core/rest.ts';
import { availableIf, type Action } from './action.ts';
import { dialogLater } from './dialog-later.ts';

const ApproveDialog = dialogLater<GateObject>(
  async () => (await import('../pages/run/dialogs/decide-dialog.tsx')).ApproveDialog,
);
const RejectDialog = dialogLater<GateObject>(
  async () => (await import('../pages/run/dialogs/decide-dialog.tsx')).RejectDialog,
);

/** Gates that were chosen together. */
export interface GateBatch {
  /** Of the first. */
  id: string;
  items: readonly InboxGate[];
}

const ApproveGatesDialog = dialogLater<GateBatch>(
  async () => (await import('../pages/home/approve-gates-dialog.tsx')).ApproveGatesDialog,
);

/** All that are chosen, or none (UI §4.1). */
export const approveGates: Action<GateBatch> = {
  ...{ kind: 'dialog', id: 'gate.approve-batch', icon: ThumbsUp, key: 'a', Dialog: ApproveGatesDialog },
  label: ({ items }) => `Approve ${items.length}…`,
  availability: () => 'yes',
};

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
