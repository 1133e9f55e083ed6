import type { WordNode } from './shape.ts';
import { findWord, readText, type Reading } from './values.ts';

/** The cron expression of a word, or null if absent or wrong (reported). */
export function readCron(reading: Reading, node: WordNode): string | null {
  const cron = readText(reading, node, 'cron');
  if (cron === null || isCron(cron)) return cron;
  reading.problems.report('KDL014', placeOf(node, 'cron'), `"${cron}" is no cron expression`, {
    hint: 'five fields: minute hour day month weekday, each *, 5, 1-5, 1,2 or */5',
  });
  return null;
}

/** The time zone beside it; UTC if absent, null if there is none of that name (reported). */
export function readTimezone(reading: Reading, node: WordNode): string | null {
  const timezone = readText(reading, node, 'timezone') ?? 'UTC';
  if (isTimezone(timezone)) return timezone;
  reading.problems.report('KDL014', placeOf(node, 'timezone'), `there is no time zone "${timezone}"`, {
    hint: 'write an IANA name: "Europe/Berlin", "UTC"',
  });
  return null;
}

function placeOf(node: WordNode, word: string) {
  return findWord(node, word)?.args[0]?.place ?? node.place;
}

const CRON_RANGES = [
  [0, 59],
  [0, 23],
  [1, 31],
  [1, 12],
  [0, 7],
] as const;

function isCron(text: string): boolean {
  const fields = text.trim().split(/\s+/);
  return (
    fields.length === CRON_RANGES.length &&
    CRON_RANGES.every(([min, max], index) =>
      (fields[index] ?? '').split(',').every((part) => {
        const match = /^(?:\*|(\d{1,2})(?:-(\d{1,2}))?)(?:\/([1-9]\d?))?$/.exec(part);
        if (!match) return false;
        const from = Number(match[1] ?? min);
        const to = Number(match[2] ?? match[1] ?? max);
        return min <= from && from <= to && to <= max;
      }),
    )
  );
}

function isTimezone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}
