import type { Ending } from '#core/ending.ts';
import type { Status } from '#core/run.ts';
import type { Style } from './color.ts';

/** How a state looks in a terminal: sign, ASCII word and hue of UI §2. */
export interface Look {
  glyph: string;
  ascii: string;
  style: Style;
}

const ENDED: Readonly<Record<Ending, Look>> = {
  passed: { glyph: '✓', ascii: 'ok', style: 'green' },
  'soft-failed': { glyph: '▲', ascii: 'warn', style: 'yellow' },
  failed: { glyph: '✗', ascii: 'FAIL', style: 'red' },
  errored: { glyph: '◆', ascii: 'ERROR', style: 'magenta' },
  'timed-out': { glyph: '×', ascii: 'TIME', style: 'yellow' },
  cancelled: { glyph: '⊘', ascii: 'cancel', style: 'gray' },
  rejected: { glyph: '■', ascii: 'REJECT', style: 'red' },
  skipped: { glyph: '–', ascii: 'skip', style: 'gray' },
  'not-run': { glyph: '□', ascii: 'not-run', style: 'gray' },
};

/** The look of a state. `silentMs` is the age of the last sign of life of what runs. */
export function lookOf(status: Status, silentMs = 0): Look {
  switch (status.kind) {
    case 'ended':
      return ENDED[status.ending];
    case 'running':
      if (silentMs > 20_000) return { glyph: '?', ascii: 'silent', style: 'magenta' };
      return status.attempt > 1
        ? { glyph: '↻', ascii: 'retry', style: 'blue' }
        : { glyph: '◐', ascii: 'run', style: 'blue' };
    case 'queued':
      return { glyph: '○', ascii: 'queue', style: 'gray' };
    case 'cancelling':
      return { glyph: '◑', ascii: 'stop', style: 'gray' };
    case 'paused':
      return { glyph: '=', ascii: 'pause', style: 'magenta' };
    case 'waiting':
      if (status.reason.code === 'gate') return { glyph: '!', ascii: 'APPROVE', style: 'yellow' };
      if (/^(lock|window|timer|retry)/.test(status.reason.code)) return { glyph: '~', ascii: 'wait', style: 'magenta' };
      return { glyph: '·', ascii: '.', style: 'gray' };
    default:
      return status satisfies never;
  }
}

/** Whether the locale can show the signs; without UTF-8 the ASCII words stand for them. */
export function hasUnicode(environment: Readonly<Record<string, string | undefined>>, platform: string): boolean {
  const locale = environment['LC_ALL'] || environment['LC_CTYPE'] || environment['LANG'] || '';
  if (locale === '') return platform === 'darwin';
  return /utf-?8/i.test(locale);
}

/** Signs between words, and their fallback. */
export function chooseMarks(isUnicode: boolean) {
  return isUnicode ? { dot: '·', ellipsis: '…', bar: '│' } : { dot: '-', ellipsis: '...', bar: '|' };
}

export type Marks = ReturnType<typeof chooseMarks>;
