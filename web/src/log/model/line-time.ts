/** What the column of times shows (UI §5.8). */
export const TIME_MODES = ['off', 'elapsed', 'clock', 'utc'] as const;
export type TimeMode = (typeof TIME_MODES)[number];

/** A line's time, `t` ms after the attempt began; null without the column, or while nobody knows when it began. */
export function formatTime(mode: TimeMode, t: number, startedAt: string | null): string | null {
  switch (mode) {
    case 'off':
      return null;
    case 'elapsed':
      return formatElapsed(t);
    case 'clock':
      return startedAt === null ? '' : LOCAL.format(Date.parse(startedAt) + t);
    case 'utc':
      return startedAt === null ? '' : new Date(Date.parse(startedAt) + t).toISOString().slice(11, 23);
    default:
      return mode satisfies never;
  }
}

const LOCAL = new Intl.DateTimeFormat('en-GB', {
  ...{ hour: '2-digit', minute: '2-digit', second: '2-digit', fractionalSecondDigits: 3 },
});

/** `0:07.1`, `12:03.4`, `1:02:03.4` */
function formatElapsed(t: number): string {
  const tenths = Math.floor(Math.max(t, 0) / 100);
  const [hours, minutes, seconds] = [
    Math.floor(tenths / 36_000),
    Math.floor(tenths / 600) % 60,
    Math.floor(tenths / 10) % 60,
  ];
  const two = (value: number) => String(value).padStart(2, '0');
  const head = hours > 0 ? `${hours}:${two(minutes)}` : String(minutes);
  return `${head}:${two(seconds)}.${tenths % 10}`;
}
