/** How long a worker may be silent before it is taken for dead, ms: another goes on within 15 s (ARCHITECTURE §4). */
export const HEARTBEAT_MS = 5_000;

/** A heartbeat is sent at least this often, ms: so that a cancel arrives within 2 s. */
const BEAT_MS = 2_000;
/** Of the time a worker may be silent: two heartbeats may be lost. */
const BEAT_SHARE = 0.4;

/** How often a worker sends a heartbeat that may be silent for so long, both ms. */
export function beatEvery(heartbeatMs: number = HEARTBEAT_MS): number {
  return Math.min(BEAT_MS, heartbeatMs * BEAT_SHARE);
}
