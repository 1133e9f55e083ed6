import { useSyncExternalStore, type ReactNode } from 'react';
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

/**
 * The server's time to the second, for what shows a clock; one timer for all of them. With `until`, an ISO time, it
 * stands still there: what has ended is not drawn again by every second.
 */
export function useNow(until: string | null = null): number {
  const end = until === null ? null : Date.parse(until);
  return useSyncExternalStore(end === null ? subscribe : subscribeToNothing, () => end ?? tick);
}

const subscribeToNothing = () => () => {};

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
const TICK = 1_000;

/** `now`, `3 min ago`, `in 2 h`, `5 d ago`: for lists, with the exact time in its `title`. */
export function describeAge(iso: string, now: number): string {
  const ms = now - Date.parse(iso);
  const size = Math.abs(ms);
  // What was told after the last tick is not to come.
  if (size < MINUTE) return ms > -TICK ? 'now' : 'in less than a minute';
  const amount =
    size < 60 * MINUTE
      ? `${Math.floor(size / MINUTE)} min`
      : size < 1_440 * MINUTE
        ? `${Math.floor(size / (60 * MINUTE))} h`
        : `${Math.floor(size / (1_440 * MINUTE))} d`;
  return ms >= 0 ? `${amount} ago` : `in ${amount}`;
}

type Zone = 'local' | 'utc';
const ZONES = { local: {}, utc: { timeZone: 'UTC' } } as const;
const FULL = eachZone(undefined, { dateStyle: 'medium', timeStyle: 'medium' });
const CLOCK = eachZone('en-GB', { timeStyle: 'medium' });

function eachZone(locale: string | undefined, options: Intl.DateTimeFormatOptions) {
  const make = (zone: Zone) => new Intl.DateTimeFormat(locale, { ...options, ...ZONES[zone] });
  return { local: make('local'), utc: make('utc') };
}

/** The exact time in a zone, with its day: for what is not shown all the time. */
export function formatMoment(at: string, zone: Zone): string {
  return inZone(FULL, at, zone);
}

function inZone(formats: Record<Zone, Intl.DateTimeFormat>, at: string, zone: Zone): string {
  const text = formats[zone].format(new Date(at));
  return zone === 'utc' ? `${text} UTC` : text;
}

/** A time with its exact self behind it, in the zone that the person has chosen. */
function Time({ at, isTabular = false, children }: { at: string; isTabular?: boolean; children: ReactNode }) {
  const zone = usePreference('clock');
  return (
    <time
      dateTime={at}
      title={formatMoment(at, zone)}
      className={isTabular ? 'tabular whitespace-nowrap' : 'whitespace-nowrap'}
    >
      {children}
    </time>
  );
}

/** When something was, for lists. */
export function Age({ at }: { at: string }) {
  const now = useNow();
  return <Time at={at}>{describeAge(at, now)}</Time>;
}

/** When something was, for detail pages: `12:03:11`, in the zone the person has chosen. */
export function Clock({ at }: { at: string }) {
  const zone = usePreference('clock');
  return <Time at={at}>{inZone(CLOCK, at, zone)}</Time>;
}

/** How long until something, to the second in its last hour: `in 4m 12s`. */
export function Countdown({ to }: { to: string }) {
  const now = useNow();
  return (
    <Time at={to} isTabular>
      {describeRest(to, now)}
    </Time>
  );
}

/** `in 2d 4h`, `in 4m 12s`; `now` when it is over. */
export function describeRest(iso: string, now: number): string {
  const seconds = Math.ceil((Date.parse(iso) - now) / 1_000);
  return seconds <= 0 ? 'now' : `in ${formatDuration(seconds * 1_000).replace('.0s', 's')}`;
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
