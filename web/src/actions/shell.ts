import { SquareTerminal } from 'lucide-react';
import { isHeld } from '../pages/run/stage/stage-words.ts';
import { availableIf, type Action } from './action.ts';
import { dialogLater } from './dialog-later.ts';
import type { StageSubject } from './stage.ts';

const ShellDialog = dialogLater<StageSubject>(
  async () => (await import('../pages/run/dialogs/shell-dialog.tsx')).ShellDialog,
);

/** The web has no terminal: the dialog says what to type into one. */
export const openShell: Action<StageSubject> = {
  ...{ kind: 'dialog', id: 'stage.shell', icon: SquareTerminal, Dialog: ShellDialog },
  label: () => 'Open shell',
  availability({ run, stage }) {
    if (stage.kind === 'gate' || stage.child) return 'hidden';
    if (run.can.shell !== true) return availableIf(run.can.shell);
    if (stage.carriedFrom !== null) return { no: `it ran in ${stage.carriedFrom}` };
    // One that is held before it begins has no attempt yet, and a machine.
    const isThere = stage.attempts.some(({ startedAt }) => startedAt !== null) || isHeld(stage);
    return isThere ? 'yes' : { no: 'it has not begun anywhere, so there is nothing to look into' };
  },
};
