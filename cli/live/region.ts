import { formatDuration } from '#core/duration.ts';
import { lookOf } from '../terminal/glyph.ts';
import { applyReturns, removeEscapes } from '../terminal/sanitize.ts';
import type { Screen } from '../terminal/screen.ts';
import { cutEnd, cutMiddle, measureWidth, padEnd, padStart } from '../terminal/width.ts';
import { isAsking, type NodeView, type View } from './view.ts';
import { formatClock, measureRan } from './words.ts';

export interface RegionOptions {
  now: number;
  columns: number;
  rows: number;
  /** `[v] all` and `[q] stop` stand only where keys are read. */
  hasKeys: boolean;
  /** Said in the footer, e.g. after Ctrl-C. */
  notice: string | null;
}

/**
 * The lines of the live region (UI §8): at most `max(3, min(running + 2, rows/3))` of
 * stages, what runs first, and a footer. Pure; each line fits in one row.
 */
export function renderRegion(
  view: View,
  screen: Pick<Screen, 'paint' | 'glyphOf' | 'marks'>,
  options: RegionOptions,
): string[] {
  const open = [...view.nodes.values()].filter((node) => !node.isFinished).toSorted(compareNodes);
  const running = open.filter((node) => rankOf(node) <= 1);
  const capacity = Math.max(3, Math.min(running.length + 2, Math.floor(options.rows / 3)));
  const shown = open.filter((node) => rankOf(node) < 4).slice(0, capacity);
  const width = options.columns - 1;
  const names = Math.min(24, Math.max(0, ...shown.map(({ name }) => measureWidth(name))));
  const glyphs = Math.max(1, ...shown.map((node) => measureWidth(screen.glyphOf(lookOfNode(node, options.now)))));
  const lines = shown.map((node) => {
    const look = lookOfNode(node, options.now);
    const glyph = screen.paint(look.style, padEnd(screen.glyphOf(look), glyphs));
    const name = padEnd(cutMiddle(node.name, names, screen.marks.ellipsis), names);
    const ran = node.object ? measureRan(node.object, options.now) : null;
    const time = padStart(ran === null ? '' : formatDuration(ran), 6);
    const text = screen.paint('dim', describe(view, node, options.now));
    return cutEnd(`${glyph} ${name}  ${time}  ${text}`, width, screen.marks.ellipsis);
  });
  return [...lines, renderFooter(view, screen, options, width)];
}

function renderFooter(
  view: View,
  screen: Pick<Screen, 'paint' | 'marks'>,
  options: RegionOptions,
  width: number,
): string {
  const nodes = [...view.nodes.values()];
  const done = nodes.filter((node) => node.object?.status.kind === 'ended').length;
  const running = nodes.filter((node) => rankOf(node) === 0).length;
  const elapsed = formatClock(options.now - Date.parse(view.run.createdAt));
  const counts = [`${running} running`, `${done} done`, `${nodes.length - done - running} queued`, elapsed];
  // What was just said is more important than the keys: a narrow terminal has room for one of them.
  const keys = options.hasKeys && options.notice === null ? `   [v] all  [q] stop` : '';
  const notice = options.notice === null ? '' : `   ${screen.paint('yellow', options.notice)}`;
  return cutEnd(`${counts.join(` ${screen.marks.dot} `)}${keys}${notice}`, width, screen.marks.ellipsis);
}

/** What a node does right now: its last line, or what it waits for. */
function describe(view: View, node: NodeView, now: number): string {
  const status = node.object?.status;
  if (status?.kind === 'waiting') return removeEscapes(status.reason.message);
  if (status?.kind === 'queued') return status.reason ? removeEscapes(status.reason.message) : 'queued';
  if (status?.kind === 'running') {
    const silent = silenceOf(node, now);
    if (silent > 20_000) return `no sign of life for ${Math.floor(silent / 1_000)} s`;
  }
  const log = node.logs.get(node.followed);
  const last = log?.partial ?? log?.tail.at(-1)?.text ?? '';
  const attempts = status?.kind === 'running' && status.attempt > 1 ? `attempt ${status.attempt}  ` : '';
  const gate = view.gates.get(node.name);
  if (gate && isAsking(gate)) return 'waits for approval';
  return attempts + removeEscapes(applyReturns(last)).replaceAll('\t', '  ');
}

function lookOfNode(node: NodeView, now: number) {
  const status = node.object?.status ?? { kind: 'waiting' as const, reason: { code: 'needs', message: '' } };
  return lookOf(status, silenceOf(node, now));
}

function silenceOf(node: NodeView, now: number): number {
  const status = node.object?.status;
  return status?.kind === 'running' ? now - Date.parse(status.heartbeatAt) : 0;
}

/** Cancelling and running first, then decisions, queued, waiting for anything but needs, the rest. */
function rankOf(node: NodeView): number {
  const status = node.object?.status;
  switch (status?.kind) {
    case 'running':
    case 'cancelling':
      return 0;
    case 'ended':
      return node.logs.size > 0 ? 1 : 5;
    case 'queued':
      return 3;
    case 'paused':
      return 3;
    case 'waiting':
      return status.reason.code.startsWith('need') ? 4 : 2;
    case undefined:
      return 4;
    default:
      return status satisfies never;
  }
}

function compareNodes(a: NodeView, b: NodeView): number {
  return rankOf(a) - rankOf(b) || a.position - b.position;
}
