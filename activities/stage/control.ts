/**
 * What the activity's surroundings say while an attempt is driven.
 *
 * - `cancel`: somebody asked for it: stop the program with grace, then report `cancelled`.
 * - `reset`: begin the attempt anew: remove what exists and let the engine call again.
 * - `leave`: let go and touch nothing: the worker shuts down, or another one has this attempt by now.
 */
export type ControlReason = 'cancel' | 'reset' | 'leave';

export interface StageControl {
  /** Aborts once, when there is a reason. */
  signal: AbortSignal;
  /** Null until the signal aborts. */
  reason(): ControlReason | null;
  /** Which delivery of the task this is, from 1: an earlier one may have begun the attempt. */
  delivery: number;
  heartbeat(details: HeartbeatDetails): void;
}

/** A hint for people who look into Temporal; nothing is read back from it. */
export interface HeartbeatDetails {
  handle: string;
  rawBytes: number;
}
