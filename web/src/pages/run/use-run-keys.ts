import { useLocation } from 'wouter';
import type { GateObject, RunObject, StageObject } from '#core/rest.ts';
import { bindActions } from '../../actions/action.ts';
import { approveGate, rejectGate } from '../../actions/gate.ts';
import { cancelRun, pauseRun, rerunRun, resumeRun } from '../../actions/run.ts';
import { useActionRunner } from '../../actions/runner.tsx';
import { useKey } from '../../app/keys.ts';
import { get } from '../../data/http.ts';
import { describeFailure, problemOf } from '../../ui/describe-failure.ts';
import { showToast } from '../../ui/toast.tsx';

interface RunKeys {
  run: RunObject;
  stages: readonly StageObject[];
  /** The one that `a` and `d` are about. */
  gate: GateObject | null;
  onWhy(): void;
}

/** The keys of the run page. Those that change the world open their dialog. */
export function useRunKeys({ run, stages, gate, onWhy }: RunKeys): void {
  const { run: act } = useActionRunner();
  const [, navigate] = useLocation();
  const ofRun = bindActions([rerunRun, cancelRun, pauseRun, resumeRun], { id: run.id, run, stages }, act);
  const ofGate = gate ? bindActions([approveGate, rejectGate], gate, act) : [];
  const bound = new Map([...ofRun, ...ofGate].map((action) => [action.key, action]));
  const keyOf = (key: string) => {
    const action = bound.get(key);
    return action ? { keys: key, label: action.label, group: 'This page' as const, run: action.run } : null;
  };
  useKey(keyOf('r'));
  useKey(keyOf('x'));
  useKey(keyOf('u'));
  useKey(keyOf('a'));
  useKey(keyOf('d'));
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
