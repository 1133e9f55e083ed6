import { Cron } from 'croner';
import type { Activities } from '../contract.ts';

const MINUTE_MS = 60_000;

/** When a gate's `window` lets it open: now, if this minute matches the cron expression, else its next match. */
export const findWindow: Activities['findWindow'] = async ({ cron, timezone, now }) => {
  const at = Date.parse(now);
  const schedule = new Cron(cron, { timezone });
  const minute = Math.floor(at / MINUTE_MS) * MINUTE_MS;
  const next = schedule.nextRun(new Date(minute - 1_000));
  // An expression that never matches again keeps the gate shut: a year, then it is asked again.
  if (next === null) return { openAt: new Date(at + 365 * 24 * 60 * MINUTE_MS).toISOString() };
  return { openAt: new Date(Math.max(at, next.getTime())).toISOString() };
};
