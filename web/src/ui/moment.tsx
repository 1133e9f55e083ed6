import { useSyncExternalStore } from 'react';
import { formatDuration } from '#core/duration.ts';
import { usePreference } from '../app/preferences.ts';

/** How far the server's clock is ahead of this machine's, ms; told by the stream. */
let ahead = 0;
let tick = Date.now();
const listeners = new Set<() => void>();
let timer: ReturnType<typeof setInterval> | undefined;

export function setServerAhead(ms: number): void {
  ahead = ms;
}

/** The server's present time, ms. */
export function serverNow(): number {
  return Date.now() + ahead;
}

/** The server's time to the second, for what shows a clock; one timer for all of them. */
export function useNow(): number {
  return useSyncExternalStore(subscribe, () => tick);
}

function subscribe(listener: () => void): () => void {
  if (listeners.size === 0) {
    tick = serverNow();
    timer = setInterval(() => {
      tick = serverNow();
      for (const one of listeners) one();
    }, 1_000);
  }
  listeners.add(listener);
  return () => {
    listeners.delete(listener);
    if (listeners.size === 0) clearInterval(timer);
  };
}

const MINUTE = 60_000;

/** `now`, `3 min ago`, `in 2 h`, `5 d ago`: for lists, with the exact time in its `title`. */
export function describeAge(iso: string, now: number): string {
  const ms = now - Date.parse(iso);
  const size = Math.abs(ms);
  if (size < MINUTE) return ms >= 0 ? 'now' : 'in less than a minute';
  const amount =
    size < 60 * MINUTE
      ? `${Math.floor(size / MINUTE)} min`
      : size < 1_440 * MINUTE
        ? `${Math.floor(size / (60 * MINUTE))} h`
        : `${Math.floor(size / (1_440 * MINUTE))} d`;
  return ms >= 0 ? `${amount} ago` : `in ${amount}`;
}

const FULL = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'medium' });
const CLOCK = new Intl.DateTimeFormat('en-GB', { timeStyle: 'medium' });
const CLOCK_UTC = new Intl.DateTimeFormat('en-GB', { timeStyle: 'medium', timeZone: 'UTC' });

/** When something was, for lists. */
export function Age({ at }: { at: string }) {
  const now = useNow();
  return (
    <time dateTime={at} title={FULL.format(new Date(at))} className="whitespace-nowrap">
      {describeAge(at, now)}
    </time>
  );
}

/** When something was, for detail pages: `12:03:11`, in the zone the person has chosen. */
export function Clock({ at }: { at: string }) {
  const isUtc = usePreference('clock') === 'utc';
  return (
    <time dateTime={at} title={FULL.format(new Date(at))} className="whitespace-nowrap">
      {isUtc ? `${CLOCK_UTC.format(new Date(at))} UTC` : CLOCK.format(new Date(at))}
    </time>
  );
}

/** How long something took, or takes since `from` while `to` is null. */
export function Elapsed({ from, to }: { from: string; to: string | null }) {
  return to === null ? <Ticking from={from} /> : <Took ms={Date.parse(to) - Date.parse(from)} />;
}

export function Took({ ms }: { ms: number }) {
  return <span className="tabular whitespace-nowrap">{formatDuration(ms)}</span>;
}

function Ticking({ from }: { from: string }) {
  const now = useNow();
  // Without tenths: a clock that ticks by the second has none.
  const seconds = Math.max(0, Math.floor((now - Date.parse(from)) / 1_000));
  return <span className="tabular whitespace-nowrap">{formatDuration(seconds * 1_000).replace('.0s', 's')}</span>;
}
