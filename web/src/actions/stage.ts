import { CircleMinus, RotateCw, TimerReset } from 'lucide-react';
import type { RunObject, StageObject } from '#core/rest.ts';
import { write } from '../data/http.ts';
import { availableIf, type Action, type Receipt } from './action.ts';
import { dialogLater } from './dialog-later.ts';
import { toReceipt } from './run-command.ts';

/** A stage of a run that may still be changed. */
export interface StageSubject {
  /** Of the stage. */
  id: string;
  run: RunObject;
  stage: StageObject;
}

const SkipDialog = dialogLater<StageSubject>(
  async () => (await import('../pages/run/dialogs/skip-dialog.tsx')).SkipDialog,
);
const ExtendDialog = dialogLater<StageSubject>(
  async () => (await import('../pages/run/dialogs/extend-dialog.tsx')).ExtendDialog,
);

const FAILURES: ReadonlySet<string> = new Set(['failed', 'errored', 'timed-out']);

export async function postRetry(run: Pick<RunObject, 'id'>, stage: string, key: string): Promise<Receipt> {
  return toReceipt(await write('POST', `runs/${run.id}/retry-stage`, { stage }, { key }));
}

export const retryStage: Action<StageSubject> = {
  ...{ kind: 'command', id: 'stage.retry', icon: RotateCw },
  label: ({ stage }) => `Run ${stage.name} again`,
  availability({ run, stage }) {
    const hasFailed = stage.status.kind === 'ended' && FAILURES.has(stage.status.ending);
    return run.status.kind === 'ended' || !hasFailed ? 'hidden' : availableIf(run.can.change);
  },
  done: ({ stage }) => `${stage.name} runs again`,
  run: ({ run, stage }, key) => postRetry(run, stage.name, key),
};

export const skipStage: Action<StageSubject> = {
  ...{ kind: 'dialog', id: 'stage.skip', icon: CircleMinus, Dialog: SkipDialog },
  label: () => 'Skip stage…',
  availability({ run, stage }) {
    const isAhead = stage.status.kind === 'waiting' || stage.status.kind === 'queued';
    return stage.kind === 'gate' || !isAhead ? 'hidden' : availableIf(run.can.change);
  },
};

export const extendStage: Action<StageSubject> = {
  ...{ kind: 'dialog', id: 'stage.extend', icon: TimerReset, Dialog: ExtendDialog },
  label: () => 'Extend timeout…',
  availability: ({ run, stage }) =>
    stage.kind === 'gate' || stage.status.kind === 'ended' ? 'hidden' : availableIf(run.can.change),
};

export const STAGE_ACTIONS: readonly Action<StageSubject>[] = [retryStage, extendStage, skipStage];
