import { useLocation } from 'wouter';
import type { GateObject, RunObject, StageObject } from '#core/rest.ts';
import type { Action } from '../../actions/action.ts';
import { approveGate, rejectGate } from '../../actions/gate.ts';
import { usePageActions } from '../../actions/page-actions.tsx';
import { RUN_ACTIONS, type RunSubject } from '../../actions/run.ts';
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
  onWhy(): void;
}

/** The run with the gate that is open on its page. */
type PageSubject = RunSubject & { gate: GateObject | null };

// What takes a run takes one with its gate; React's type of a class component does not see that.
const OF_RUN = [...RUN_ACTIONS, compareWithPrevious, compareWithPassed] as readonly Action<PageSubject>[];

const ACTIONS: readonly Action<PageSubject>[] = [...OF_RUN, ...[approveGate, rejectGate].map(ofPage)];

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
export function useRunKeys({ run, stages, gate, onWhy }: RunKeys): void {
  const [, navigate] = useLocation();
  usePageActions(ACTIONS, { id: run.id, run, stages, gate });
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
