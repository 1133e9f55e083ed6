import { Context } from '@temporalio/activity';
import type { StageControl } from './control.ts';

/** The control of the activity that is running now. */
export function currentControl(): StageControl {
  const context = Context.current();
  return {
    signal: context.cancellationSignal,
    reason() {
      if (!context.cancellationSignal.aborted) return null;
      const details = context.cancellationDetails;
      // A reset may come together with a shutdown; it must not be lost then, a shutdown may.
      if (details?.reset) return 'reset';
      if (details?.cancelRequested) return 'cancel';
      // Worker shutdown, paused, timed out, not found: the program stays, whoever comes next attaches to it.
      return 'leave';
    },
    delivery: context.info.attempt,
    heartbeat(details) {
      context.heartbeat(details);
    },
  };
}

/** That of an attempt which was cancelled under an earlier worker: nothing is begun, what there is is stopped. */
export function asCancelled(control: StageControl): StageControl {
  return {
    signal: control.signal,
    reason: () => control.reason() ?? 'cancel',
    // An earlier one may have begun it, under a task of its own.
    delivery: control.delivery + 1,
    heartbeat: (details) => control.heartbeat(details),
  };
}
