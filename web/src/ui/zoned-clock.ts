import type { readPreference } from '../app/preferences.ts';

type Zone = ReturnType<typeof readPreference<'clock'>>;

/** Writes times of day in the zone that the person has chosen: `12:03:11`, `12:03:11 UTC`. */
export function zonedClock(options: Intl.DateTimeFormatOptions): (time: number, zone: Zone) => string {
  const formats = {
    local: new Intl.DateTimeFormat('en-GB', options),
    utc: new Intl.DateTimeFormat('en-GB', { ...options, timeZone: 'UTC' }),
  };
  return (time, zone) => `${formats[zone].format(time)}${zone === 'utc' ? ' UTC' : ''}`;
}
