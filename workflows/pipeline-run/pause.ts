import { condition } from '@temporalio/workflow';

/**
 * Whether the run is paused: nothing new starts, what runs goes on to its end. Whoever is about to start something asks
 * `isOn` first and waits only then, so that a run that is never paused has no trace of it in its history.
 */
export interface Pause {
  readonly isOn: boolean;
  set(isOn: boolean): void;
  /** Resolves when it is over; cancelled with the caller's scope. */
  over(): Promise<void>;
}

export function createPause(): Pause {
  let isOn = false;
  return {
    get isOn() {
      return isOn;
    },
    set(next) {
      isOn = next;
    },
    over: () => condition(() => !isOn),
  };
}
