import { uptime } from 'node:os';

/**
 * ms since this machine began, whole: the one clock that all processes of a host share, that nobody sets, and that goes
 * on while it sleeps. A wall clock that is set back would leave programs running that are somebody else's by then.
 */
export function readHostClock(): number {
  return Math.round(uptime() * 1_000);
}

/** So much more or less is no jump: the host's clock goes in steps of 10 ms. */
const TOLERANCE_MS = 1_000;

const beganAt = Date.now() - readHostClock();

/**
 * ms since epoch for whoever removes what is old: the wall clock, but never later than it would be had nobody set it
 * since this process began. So what was written a moment before a jump is young, and what comes after it younger.
 */
export function readCautiousTime(): number {
  return Math.min(Date.now(), beganAt + readHostClock() + TOLERANCE_MS);
}
