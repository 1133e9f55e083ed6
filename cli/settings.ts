import { parseDuration } from '#core/duration.ts';
import type { UiMode } from './call.ts';
import type { ConfigFile } from './context/config-file.ts';
import { LOCAL } from './context/place.ts';
import { EXIT } from './exit.ts';
import { CommandError } from './fault/command-error.ts';
import { COLOR_CHOICES, FORMATS } from './grammar/globals.ts';
import { findNearest } from './grammar/nearest.ts';
import type { CommandSpec } from './grammar/spec.ts';

type Environment = Readonly<Record<string, string | undefined>>;
type Raw = Readonly<Record<string, boolean | string | string[] | null>>;

export const UI_MODES = ['live', 'plain', 'quiet', 'json'] as const;

/** What is chosen where a flag does not: variables before the file. */
export interface Preset {
  environment: Environment;
  config: Pick<ConfigFile, 'settings' | 'path'>;
}

/**
 * Format of the answer: flag, then BUILDIT_FORMAT, then the file, then the first the command knows. Variable and file
 * are for commands in general, so one that does not know their value keeps its own.
 */
export function chooseFormat(spec: CommandSpec, raw: Raw, { environment, config }: Preset): string {
  const known = spec.formats ?? FORMATS;
  const flag = raw['format'];
  if (typeof flag === 'string') return checkOneOf('--format', flag, known);
  const preset = presetOf('BUILDIT_FORMAT', environment['BUILDIT_FORMAT'], 'format', config);
  if (preset) {
    checkOneOf(preset.name, preset.value, [...FORMATS, 'text']);
    if (known.includes(preset.value)) return preset.value;
  }
  return known[0] ?? 'table';
}

/** `live` when stderr is a terminal, TERM is not `dumb` and CI is unset; else `plain` (UI §8, Mode). */
export function chooseUi(raw: Raw, format: string, { environment, config }: Preset, isErrTty: boolean): UiMode {
  if (['json', 'yaml', 'ndjson', 'name'].includes(format)) return 'json';
  if (raw['quiet'] === true) return 'quiet';
  const preset = presetOf('BUILDIT_UI', environment['BUILDIT_UI'], 'ui', config);
  if (preset) {
    const mode = UI_MODES.find((known) => known === preset.value);
    if (!mode) throw refuse(`${preset.name} does not know "${preset.value}"`, preset.value, UI_MODES);
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

export function chooseColor(raw: Raw, { environment, config }: Preset): string {
  if (typeof raw['color'] === 'string') return raw['color'];
  if (environment['FORCE_COLOR'] !== undefined || environment['NO_COLOR']) return 'auto';
  const preset = presetOf('', undefined, 'color', config);
  return preset === null ? 'auto' : checkOneOf(preset.name, preset.value, COLOR_CHOICES);
}

/** The variable, else the line of the file; with the name that an error calls it by. */
function presetOf(
  variable: string,
  value: string | undefined,
  setting: 'format' | 'ui' | 'color',
  { settings, path }: Preset['config'],
): { name: string; value: string } | null {
  if (value) return { name: variable, value };
  const written = settings[setting];
  return written ? { name: `${path}:${written.line}: ${setting}`, value: written.value } : null;
}

/** For a command that works on this machine alone: a flag that names another place is said, not ignored. */
export function checkHere(spec: CommandSpec, raw: Raw): void {
  const { context, workspace } = raw;
  const [flag, written, own] =
    typeof context === 'string' && context !== LOCAL
      ? ['--context', context, LOCAL]
      : ['--workspace', workspace, 'main/main'];
  if (typeof written !== 'string' || written === own) return;
  throw new CommandError(EXIT.usage, {
    code: 'usage',
    message: `${spec.path.join(' ')} works on this machine, not at ${flag} ${written}`,
    fix: `leave ${flag} out`,
  });
}

/** The word as it is when it is one of the known; else exit 2 with the nearest. */
export function checkOneOf(name: string, written: string, known: readonly string[]): string {
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
