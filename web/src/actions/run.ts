import { CirclePause, CirclePlay, CircleStop, OctagonX, RotateCw, TimerReset } from 'lucide-react';
import type { RunObject, StageObject } from '#core/rest.ts';
import { write } from '../data/http.ts';
import { guess } from '../data/optimistic.ts';
import { serverNow } from '../ui/moment.tsx';
import { showToast } from '../ui/toast.tsx';
import { availableIf, type Action, type Receipt } from './action.ts';
import { dialogLater } from './dialog-later.ts';
import { toReceipt } from './run-command.ts';

/** A run, with its stages where they are known. */
export interface RunSubject {
  /** Of the run. */
  id: string;
  run: RunObject;
  stages?: readonly StageObject[];
}

const loadRerunDialog = async () => (await import('../pages/run/dialogs/rerun-dialog.tsx')).RerunDialog;
const RerunDialog = dialogLater<RunSubject>(loadRerunDialog);
const RerunFromDialog = dialogLater<RunSubject & { from: string }>(loadRerunDialog);
const ExtendDialog = dialogLater<RunSubject>(
  async () => (await import('../pages/run/dialogs/extend-dialog.tsx')).ExtendDialog,
);

/** A run that was told to stop and has not is offered to be ended by force after its grace, 10 s, and 5 s more. */
const FORCE_AFTER_MS = 15_000;

async function post(path: string, body: object, key: string): Promise<Receipt> {
  return toReceipt(await write('POST', path, body, { key }));
}

export const rerunRun: Action<RunSubject> = {
  ...{ kind: 'dialog', id: 'run.rerun', icon: RotateCw, key: 'r', Dialog: RerunDialog },
  label: () => 'Re-run',
  availability: ({ run }) => availableIf(run.can.rerun),
};

/** Of a failure and of a stage: the same dialog, with the stage chosen. */
export const rerunFrom: Action<RunSubject & { from: string }> = {
  ...{ kind: 'dialog', id: 'run.rerun-from', icon: RotateCw, Dialog: RerunFromDialog },
  label: () => 'Re-run from here',
  availability: ({ run }) => availableIf(run.can.rerun),
};

export const cancelRun: Action<RunSubject> = {
  ...{ kind: 'command', id: 'run.cancel', icon: CircleStop, key: 'x', isDangerous: true },
  label: () => 'Cancel run',
  availability({ run }) {
    if (run.status.kind === 'ended') return 'hidden';
    return run.status.kind === 'cancelling' ? { no: 'the run is being cancelled' } : availableIf(run.can.cancel);
  },
  effect: describeCancel,
  done: ({ run }) => `${run.label} is being cancelled`,
  optimistic(queries, { id, run }) {
    const shown = queries.getQueryCache().findAll({ queryKey: ['pipeline-run'] });
    const key = shown.find(({ state }) => (state.data as RunObject | undefined)?.id === id)?.queryKey;
    const change = (old: RunObject): RunObject => ({
      ...old,
      status: { kind: 'cancelling', since: new Date(serverNow()).toISOString() },
    });
    return guess(queries, key ?? ['pipeline-run', id], change, () => {
      showToast({ kind: 'error', text: `The server has not confirmed the cancel of ${run.label}` });
    });
  },
  run: ({ id }, key) => post(`runs/${id}/cancel`, {}, key),
};

/** What stops, and what still runs. */
function describeCancel({ stages = [] }: RunSubject): string {
  const running = stages.filter(({ status }) => status.kind === 'running').length;
  const pending = stages.filter(({ status }) => status.kind !== 'ended' && status.kind !== 'running').length;
  const parts = [
    `${running} running ${running === 1 ? 'stage is' : 'stages are'} stopped: first asked, ended by force after their grace.`,
    `${pending} that ${pending === 1 ? 'has' : 'have'} not begun will not run, except those that always run; they have 10 minutes.`,
  ];
  return parts.join(' ');
}

export const forceStopRun: Action<RunSubject> = {
  ...{ kind: 'command', id: 'run.force-stop', icon: OctagonX, isDangerous: true },
  label: () => 'Force stop',
  availability({ run }) {
    if (run.status.kind !== 'cancelling') return 'hidden';
    if (serverNow() - Date.parse(run.status.since) < FORCE_AFTER_MS) return 'hidden';
    return availableIf(run.can.cancel);
  },
  effect: () =>
    'The run ends as cancelled at once. Stages that do not answer are left to the clean-up; nothing of the run starts any more.',
  done: ({ run }) => `${run.label} is ended by force`,
  run: ({ id }, key) => post(`runs/${id}/cancel`, { force: true }, key),
};

export const pauseRun: Action<RunSubject> = {
  ...{ kind: 'command', id: 'run.pause', icon: CirclePause, key: 'u' },
  label: () => 'Pause',
  availability: ({ run }) =>
    run.status.kind === 'ended' || run.status.kind === 'paused' ? 'hidden' : availableIf(run.can.pause),
  effect: () => 'Nothing new starts, running stages go on to their end, clocks of gates and of the run stand still.',
  done: ({ run }) => `${run.label} is paused`,
  run: ({ id }, key) => post(`runs/${id}/pause`, {}, key),
};

export const resumeRun: Action<RunSubject> = {
  ...{ kind: 'command', id: 'run.resume', icon: CirclePlay, key: 'u' },
  label: () => 'Resume',
  availability: ({ run }) => (run.status.kind === 'paused' ? availableIf(run.can.resume) : 'hidden'),
  done: ({ run }) => `${run.label} goes on`,
  run: ({ id }, key) => post(`runs/${id}/resume`, {}, key),
};

export const extendRun: Action<RunSubject> = {
  ...{ kind: 'dialog', id: 'run.extend', icon: TimerReset, Dialog: ExtendDialog },
  label: () => 'Extend timeout…',
  availability: ({ run }) => (run.status.kind === 'ended' ? 'hidden' : availableIf(run.can.change)),
};

/** In the order of the head: those with a button first. */
export const RUN_ACTIONS: readonly Action<RunSubject>[] = [
  ...[rerunRun, pauseRun, resumeRun, cancelRun, forceStopRun, extendRun],
];
