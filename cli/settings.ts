import { parseDuration } from '#core/duration.ts';
import type { UiMode } from './call.ts';
import type { Defaults } from './defaults.ts';
import { EXIT } from './exit.ts';
import { CommandError } from './fault/command-error.ts';
import { COLOR_CHOICES, FORMATS } from './grammar/globals.ts';
import { findNearest } from './grammar/nearest.ts';
import type { CommandSpec } from './grammar/spec.ts';

type Environment = Readonly<Record<string, string | undefined>>;
type Raw = Readonly<Record<string, boolean | string | string[] | null>>;

const UI_MODES = ['live', 'plain', 'quiet', 'json'] as const;

/**
 * Format of the answer: flag, then BUILDIT_FORMAT, then the first the command knows. The
 * variable is for commands in general, so one that does not know its value keeps its own.
 */
export function chooseFormat(spec: CommandSpec, raw: Raw, environment: Environment): string {
  const known = spec.formats ?? FORMATS;
  const flag = raw['format'];
  if (typeof flag === 'string') return checkOneOf('--format', flag, known);
  const variable = environment['BUILDIT_FORMAT'];
  if (variable) {
    const all = [...FORMATS, 'text'];
    checkOneOf('BUILDIT_FORMAT', variable, all);
    if (known.includes(variable)) return variable;
  }
  return known[0] ?? 'table';
}

/** `live` when stderr is a terminal, TERM is not `dumb` and CI is unset; else `plain` (UI §8, Mode). */
export function chooseUi(raw: Raw, format: string, environment: Environment, isErrTty: boolean): UiMode {
  if (['json', 'yaml', 'ndjson', 'name'].includes(format)) return 'json';
  if (raw['quiet'] === true) return 'quiet';
  const variable = environment['BUILDIT_UI'];
  if (variable) {
    const mode = UI_MODES.find((known) => known === variable);
    if (!mode) throw refuse(`BUILDIT_UI does not know "${variable}"`, variable, UI_MODES);
    if (mode !== 'live' || isErrTty) return mode;
  }
  return isErrTty && environment['TERM'] !== 'dumb' && !environment['CI'] ? 'live' : 'plain';
}

/** Entries of a list: `--all`, `--limit`, else 50. Null is all. */
export function chooseLimit(raw: Raw): number | null {
  if (raw['all'] === true) return null;
  const written = raw['limit'];
  if (typeof written !== 'string') return 50;
  return readCount('--limit', written);
}

export function readCount(name: string, written: string): number {
  const count = Number(written);
  if (!Number.isSafeInteger(count) || count < 1 || !/^\d+$/.test(written)) {
    throw new CommandError(EXIT.usage, {
      code: 'usage',
      message: `${name} needs a whole number from 1 on, not "${written}"`,
      fix: `for example ${name} 20`,
    });
  }
  return count;
}

export function chooseTimeout(raw: Raw): number | null {
  const written = raw['timeout'];
  if (typeof written !== 'string') return null;
  const ms = parseDuration(written);
  if (ms === null) {
    throw new CommandError(EXIT.usage, {
      code: 'usage',
      message: `--timeout needs a duration, not "${written}"`,
      fix: 'for example --timeout 90s or --timeout 1h30m',
    });
  }
  return ms;
}

export function chooseColor(raw: Raw, environment: Environment, defaults: Defaults): string {
  if (typeof raw['color'] === 'string') return raw['color'];
  if (environment['FORCE_COLOR'] !== undefined || environment['NO_COLOR']) return 'auto';
  return defaults.color === undefined ? 'auto' : checkOneOf('color', defaults.color, COLOR_CHOICES);
}

/** Flags and variables that name what this machine does not have: said, never ignored. */
export function checkPlace(raw: Raw, environment: Environment): void {
  const workspace = raw['workspace'] ?? environment['BUILDIT_TENANT'] ?? null;
  if (typeof workspace === 'string' && workspace !== '' && workspace !== 'main/main') {
    throw new CommandError(EXIT.notFound, {
      code: 'workspace-unknown',
      message: `there is no workspace "${workspace}" on this machine`,
      fix: 'local runs live in main/main: leave --workspace and BUILDIT_TENANT out',
    });
  }
  const context = raw['context'];
  if (typeof context === 'string') {
    throw new CommandError(EXIT.notFound, {
      code: 'context-unknown',
      message: `there is no saved sign-in "${context}"`,
      fix: 'leave --context out: the command then speaks to the local engine',
    });
  }
  if (environment['BUILDIT_SERVER']) {
    throw new CommandError(EXIT.usage, {
      code: 'server-unsupported',
      message: 'this build speaks to the local engine only, not to BUILDIT_SERVER',
      fix: 'unset BUILDIT_SERVER',
    });
  }
}

function checkOneOf(name: string, written: string, known: readonly string[]): string {
  if (known.includes(written)) return written;
  throw refuse(`${name} does not know "${written}"`, written, known);
}

function refuse(message: string, written: string, known: readonly string[]): CommandError {
  const near = findNearest(written, known);
  return new CommandError(EXIT.usage, {
    code: 'usage',
    message,
    fix: near === null ? `one of ${known.join(', ')}` : `did you mean "${near}"?`,
  });
}
