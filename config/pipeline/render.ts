import type { Diagnostic, Severity, Span } from '#core/diagnostic.ts';
import { createSource, lineText, type Source } from './source.ts';

/** What a piece of a frame is; the caller decides about colours. */
export type FrameStyle = Severity | 'code' | 'place' | 'gutter' | 'caret' | 'second' | 'hint';

export interface RenderOptions {
  /** Texts by file name, as they were compiled. A file without one gets no frame. */
  texts: Readonly<Record<string, string>>;
  color(style: FrameStyle, text: string): string;
}

/** More are counted, not shown (LANGUAGE §1). */
export const MAX_SHOWN = 20;
/** Display columns of a line in a frame; longer ones are cut around the caret. */
const MAX_WIDTH = 140;

/**
 * Diagnostics as code frames for a terminal (UI §8), in their order, without a summary.
 * Ends with a line break unless there is nothing to show. Control characters of the text
 * are made visible, so a file cannot drive the reader's terminal.
 */
export function renderDiagnostics(diagnostics: readonly Diagnostic[], options: RenderOptions): string {
  const sources = new Map<string, Source>();
  for (const [file, text] of Object.entries(options.texts)) sources.set(file, createSource(file, text));
  const frames = diagnostics.slice(0, MAX_SHOWN).map((one) => renderFrame(one, sources, options));
  const rest = diagnostics.length - frames.length;
  if (rest > 0) frames.push(`… and ${rest} more; fix these first, or see all with --format json\n`);
  return frames.join('');
}

/** `1 error, 0 warnings`. */
export function summarizeDiagnostics(diagnostics: readonly Diagnostic[]): string {
  const count = (severity: Severity) => diagnostics.filter((one) => one.severity === severity).length;
  const say = (number: number, what: string) => `${number} ${what}${number === 1 ? '' : 's'}`;
  return `${say(count('error'), 'error')}, ${say(count('warning'), 'warning')}`;
}

function renderFrame(diagnostic: Diagnostic, sources: ReadonlyMap<string, Source>, { color }: RenderOptions): string {
  const { code, severity, file, message, label, span, hint, related } = diagnostic;
  const shown = related.filter((one) => sources.has(one.file));
  const numbers = [span, ...shown.map((one) => one.span)].map((one) => String(one.start.line).length);
  const width = Math.max(...numbers);
  const gutter = (line: number | null) => color('gutter', `${(line === null ? '' : String(line)).padStart(width)} |`);
  const bar = `${gutter(null)}\n`;
  const note = (what: string, text: string) =>
    `${' '.repeat(width)} ${color('gutter', '=')} ${color('hint', what.padEnd(5))} ${showControls(text)}\n`;
  const lines = (source: Source, at: Span, mark: string, style: FrameStyle, text: string | undefined) => {
    const { line, pad, length } = cutLine(source, at);
    const tail = text === undefined ? '' : ` ${color(style, showControls(text))}`;
    return `${gutter(at.start.line)} ${line}\n${gutter(null)} ${pad}${color(style, mark.repeat(length))}${tail}\n`;
  };
  const source = sources.get(file);
  let frame = `${color(severity, `${severity}[${code}]`)}: ${showControls(message)}\n`;
  const place = `${showControls(file)}:${span.start.line}:${span.start.column}`;
  frame += `${' '.repeat(width)}${color('gutter', '-->')} ${color('place', place)}\n`;
  if (source) {
    frame += bar + lines(source, span, '^', 'caret', label);
    for (const other of shown) {
      const inside = sources.get(other.file);
      if (!inside) continue;
      const elsewhere =
        other.file === file ? bar : `${' '.repeat(width)}${color('gutter', '::>')} ${showControls(other.file)}\n`;
      frame += elsewhere + lines(inside, other.span, '-', 'second', other.message);
    }
  }
  if (hint !== undefined) frame += note('hint', hint);
  return frame + note('more', `buildit help ${code}`);
}

/** The line of a span, what stands in front of the caret as blanks, and the caret's length. */
function cutLine(source: Source, span: Span): { line: string; pad: string; length: number } {
  const full = lineText(source, span.start.line);
  const from = span.start.column - 1;
  const end = span.end.line === span.start.line ? span.end.column - 1 : full.length;
  // A window around the caret; a surrogate pair is not cut apart.
  const cutsFront = full.length > MAX_WIDTH && from > MAX_WIDTH / 2;
  const start = cutsFront ? from - Math.floor(MAX_WIDTH / 3) : 0;
  const stop = full.length > MAX_WIDTH ? start + MAX_WIDTH : full.length;
  const front = cutsFront ? '…' : '';
  const back = stop < full.length ? '…' : '';
  const before = showControls(full.slice(start, from).toWellFormed());
  const marked = showControls(full.slice(from, Math.min(end, stop)).toWellFormed());
  const line = front + showControls(full.slice(start, stop).toWellFormed()) + back;
  const pad = ' '.repeat(measureWidth(front + before));
  return { line, pad, length: Math.max(1, measureWidth(marked)) };
}

/** Control characters, and those that turn the direction of a text or have no width. */
const CONTROLS = /[\p{Cc}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/gu;

/** Tabs as four blanks, other control and direction characters as signs one can see. */
function showControls(text: string): string {
  return text
    .replaceAll('\t', '    ')
    .replaceAll('\n', '␤')
    .replaceAll(CONTROLS, (char) => {
      const code = char.charCodeAt(0);
      return code < 32 ? String.fromCharCode(0x24_00 + code) : code === 127 ? '␡' : '\ufffd';
    });
}

/** Columns in a terminal: CJK and emoji take two, combining marks none. */
function measureWidth(text: string): number {
  let width = 0;
  for (const char of text) {
    if (/\p{Mn}|\p{Me}|\u200d|\ufe0f/u.test(char)) continue;
    const isWide =
      /\p{Script=Han}|\p{Script=Hiragana}|\p{Script=Katakana}|\p{Script=Hangul}|\p{Emoji_Presentation}|[\u3000-\u303f\uff01-\uff60]/u;
    width += isWide.test(char) ? 2 : 1;
  }
  return width;
}
