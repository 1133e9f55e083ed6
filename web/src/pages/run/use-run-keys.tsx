import { RotateCw } from 'lucide-react';
import { useLocation } from 'wouter';
import type { GateObject, RunObject, StageObject } from '#core/rest.ts';
import type { Action } from '../../actions/action.ts';
import { approveGate, rejectGate } from '../../actions/gate.ts';
import { usePageActions } from '../../actions/page-actions.tsx';
import { RUN_ACTIONS, type RunSubject } from '../../actions/run.ts';
import { postRetry, retryStage } from '../../actions/stage.ts';
import { useKey } from '../../app/keys.ts';
import { get } from '../../data/http.ts';
import { describeFailure, problemOf } from '../../ui/describe-failure.ts';
import { showToast } from '../../ui/toast.tsx';
import { compareWithPassed, compareWithPrevious } from './head/compare-actions.ts';

interface RunKeys {
  run: RunObject;
  stages: readonly StageObject[];
  /** The one that `a` and `d` are about. */
  gate: GateObject | null;
  /** The one that is open. */
  stage: StageObject | null;
  onWhy(): void;
}

/** The run with the gate and the stage that are open on its page. */
type PageSubject = RunSubject & Pick<RunKeys, 'gate' | 'stage'>;

// What takes a run takes one with its gate; React's type of a class component does not see that.
const OF_RUN = [...RUN_ACTIONS, compareWithPrevious, compareWithPassed] as readonly Action<PageSubject>[];

/** While its siblings still run, a failed stage gets one more attempt in its place (UI §4.4). */
const retryInPlace: Action<PageSubject> = {
  ...{ kind: 'command', id: 'run.retry-in-place', icon: RotateCw, key: 'r' },
  label: ({ stage }) => `Run ${stage?.name} again`,
  availability: ({ id, run, stage }) => (stage ? retryStage.availability({ id, run, stage }) : 'hidden'),
  effect: ({ stage }) => `${stage?.name} gets one more attempt in this run; what has passed stays as it is.`,
  done: ({ stage }) => `${stage?.name} runs again`,
  run: async ({ run, stage }, key) => postRetry(run, stage?.name ?? '', key),
};

const ACTIONS: readonly Action<PageSubject>[] = [
  retryInPlace,
  ...OF_RUN.map(giveWay),
  ...[approveGate, rejectGate].map(ofPage),
];

/** One key is for one of them. */
function giveWay(action: Action<PageSubject>): Action<PageSubject> {
  if (action.key !== retryInPlace.key) return action;
  const availability = (subject: PageSubject) =>
    retryInPlace.availability(subject) === 'hidden' ? action.availability(subject) : 'hidden';
  return { ...action, availability };
}

/** An action of a gate as one of the page, hidden while no gate is open. */
function ofPage(action: Action<GateObject>): Action<PageSubject> {
  if (action.kind !== 'dialog') throw new Error(`${action.id} has no dialog`);
  const { Dialog } = action;
  return {
    ...action,
    label: ({ gate }) => (gate ? action.label(gate) : ''),
    availability: ({ gate }) => (gate ? action.availability(gate) : 'hidden'),
    Dialog: ({ subject: { gate }, onClose }) => (gate ? <Dialog subject={gate} onClose={onClose} /> : null),
  };
}

/** The keys of the run page and what the palette offers there. Those that change the world open their dialog. */
export function useRunKeys({ run, stages, gate, stage, onWhy }: RunKeys): void {
  const [, navigate] = useLocation();
  usePageActions(ACTIONS, { id: run.id, run, stages, gate, stage });
  useKey({ keys: 'w', label: 'Why is the stage as it is', group: 'This page', run: onWhy });
  const go = (step: 1 | -1) => {
    const number = run.number + step;
    void get<RunObject>(`pipelines/${run.pipeline.id}/runs/${number}`)
      .then(({ url }) => navigate(url))
      .catch((error: unknown) => {
        const isNone = problemOf(error)?.status === 404;
        const none = step === 1 ? 'There is no newer run' : 'There is no older run';
        showToast({ kind: 'error', text: isNone ? none : describeFailure(error).title });
      });
  };
  useKey({ keys: 'n', label: 'Newer run', group: 'This page', run: () => go(1) });
  useKey({ keys: 'p', label: 'Older run', group: 'This page', run: () => go(-1) });
}
