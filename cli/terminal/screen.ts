import type { Paint } from './color.ts';
import { choosePaint, hasColor } from './color.ts';
import { chooseMarks, hasUnicode, type Look, type Marks } from './glyph.ts';

/** Where a command writes: data to `out`, talk to `say` (UI §8: stdout is data, stderr is talk). */
export interface Screen {
  out(text: string): void;
  /** One line, or several, on stderr. Nothing when quiet. */
  say(text: string): void;
  /** Like `say`, but also when quiet: errors. */
  cry(text: string): void;
  /** With `--verbose` or `--debug`: what the command does, with the time since its start. */
  trace(text: string): void;
  /** Colours of stdout and of stderr. */
  paintOut: Paint;
  paint: Paint;
  marks: Marks;
  isUnicode: boolean;
  glyphOf(look: Look): string;
  isOutTty: boolean;
  isErrTty: boolean;
  canPrompt: boolean;
  /** Columns for tables on stdout: 40–200 on a terminal, null (nothing is cut) else. */
  columns(): number | null;
  /** Columns and rows of the terminal behind stderr. */
  size(): { columns: number; rows: number };
}

export interface ScreenOptions {
  color: string;
  quiet: boolean;
  verbose: boolean;
  noInput: boolean;
  environment: Readonly<Record<string, string | undefined>>;
}

export function openScreen(options: ScreenOptions): Screen {
  const { stdout, stderr, stdin } = process;
  const isOutTty = stdout.isTTY === true;
  const isErrTty = stderr.isTTY === true;
  const isUnicode = hasUnicode(options.environment, process.platform);
  const clamp = (columns: number) => Math.min(200, Math.max(40, columns));
  return {
    out: (text) => {
      stdout.write(text);
    },
    say: (text) => {
      if (!options.quiet) stderr.write(text);
    },
    cry: (text) => {
      stderr.write(text);
    },
    trace: (text) => {
      if (options.verbose) stderr.write(`[${String(Math.round(performance.now())).padStart(5)} ms] ${text}\n`);
    },
    paintOut: choosePaint(hasColor(options.color, options.environment, isOutTty)),
    paint: choosePaint(hasColor(options.color, options.environment, isErrTty)),
    marks: chooseMarks(isUnicode),
    isUnicode,
    glyphOf: (look) => (isUnicode ? look.glyph : look.ascii),
    isOutTty,
    isErrTty,
    canPrompt: stdin.isTTY === true && isErrTty && !options.noInput,
    columns: () => (isOutTty ? clamp(stdout.columns || 80) : null),
    size: () => ({ columns: clamp(stderr.columns || 80), rows: stderr.rows || 24 }),
  };
}

/**
 * A reader that went away ends the command quietly (UI §8: a broken pipe is exit 0). A
 * closed terminal says EIO; the run in the engine goes on either way.
 */
export function endOnClosedPipe(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EPIPE' || error.code === 'EIO') process.exit(0);
      throw error;
    });
  }
}
