/** Lists count what they have up to here; a `total` of one more says only that there is more (UI §4). */
export const COUNTED_UP_TO = 10_000;

/** `12`, `9,999`, `10,000+` */
export function writeTotal(total: number): string {
  return total > COUNTED_UP_TO ? `${COUNTED_UP_TO.toLocaleString('en-US')}+` : total.toLocaleString('en-US');
}
