import type { GateObject, RunObject, StageObject } from '#core/rest.ts';
import { formatBytes } from '../output/bytes.ts';
import { oneLine, applyReturns, keepColors } from '../terminal/sanitize.ts';
import type { Screen } from '../terminal/screen.ts';
import { cutEnd, cutMiddle } from '../terminal/width.ts';
import { renderEnding, renderExcerpt, renderFinished, renderNext, renderTable } from './summary.ts';
import type { Effect, NodeView, View } from './view.ts';
import { endingOf, explainEnd } from './words.ts';

/** Shows a run while it goes on. One per way to talk (UI §8, Mode). */
export interface Printer {
  show(effect: Effect): void;
  /** A whole object as it arrived, for the formats that machines read. */
  object(object: RunObject | StageObject | GateObject): void;
  /** A line of talk above what lives. */
  say(text: string): void;
  /** Stands in the footer until replaced. */
  notice(text: string | null): void;
  /** Nothing is drawn while a question is asked. */
  pause(): void;
  resume(): void;
  /** All output of all stages above the region, or not. */
  toggleAll(): void;
  /** Leaves the terminal as it was; nothing may be shown after it. */
  close(): void;
}

/** Columns of the name before a line of output. */
const PREFIX_COLUMNS = 24;

/** A line of a stage as stdout gets it: `hello | text`, or indented by 2 where one stage runs at a time. */
export function renderLine(screen: Screen, node: NodeView, text: string, isIndented: boolean): string {
  const clean = keepColors(screen.isOutTty ? applyReturns(text) : text.replace(/\r$/, ''));
  if (isIndented) return `  ${clean}\n`;
  const name = cutMiddle(node.name, PREFIX_COLUMNS, screen.marks.ellipsis);
  return `${screen.paintOut('cyan', name)} ${screen.paintOut('dim', '|')} ${clean}\n`;
}

export function renderGap(gap: Extract<Effect, { kind: 'gap' }>): string {
  const what = gap.bytes > 0 ? formatBytes(gap.bytes) : 'output';
  const where = gap.to > gap.from ? `lines ${gap.from} to ${gap.to}` : `line ${gap.from}`;
  return `${gap.node.name}: ${what} missing at ${where}\n`;
}

/** What a finished node says on stderr: its line and, when it failed, its last lines. */
export function renderClosing(node: NodeView, screen: Screen): string {
  const line = renderFinished(node, screen);
  if (line === null) return '';
  const isBad = ['failed', 'errored', 'timed-out', 'soft-failed'].includes(endingOf(node) ?? '');
  const excerpt = isBad ? renderExcerpt(node, (text) => keepColors(applyReturns(text)), screen) : [];
  const short = screen.isErrTty ? cutEnd(line, screen.size().columns - 1, screen.marks.ellipsis) : line;
  return `${[short, ...excerpt].join('\n')}\n`;
}

/** The end of a run: table, ending, what to do next. */
export function renderEnd(view: View, screen: Screen): string {
  const columns = screen.isErrTty ? screen.size().columns : null;
  const table = renderTable(view, screen, columns) ?? [];
  return `${[...table, renderEnding(view, screen, columns), renderNext(view, screen)].join('\n')}\n`;
}

/** GitHub's annotation of a failed stage. */
export function renderAnnotation(node: NodeView): string | null {
  const ending = endingOf(node);
  if (ending === null || !['failed', 'errored', 'timed-out', 'soft-failed'].includes(ending)) return null;
  const escape = (text: string) => oneLine(text).replaceAll('%', '%25');
  const title = escape(node.name).replaceAll(':', '%3A').replaceAll(',', '%2C');
  return `::${ending === 'soft-failed' ? 'warning' : 'error'} title=${title}::${escape(explainEnd(node) || ending)}\n`;
}
