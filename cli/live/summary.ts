import { formatDuration } from '#core/duration.ts';
import { ENDINGS } from '#core/ending.ts';
import { lookOf } from '../terminal/glyph.ts';
import type { Screen } from '../terminal/screen.ts';
import { cutEnd, measureWidth, padEnd, padStart } from '../terminal/width.ts';
import type { NodeView, View } from './view.ts';
import {
  countTests,
  endingOf,
  explainBriefly,
  explainEnd,
  measureRan,
  measureWaited,
  nameEnding,
  quoteWord,
} from './words.ts';

type Brush = Pick<Screen, 'paint' | 'glyphOf' | 'marks'>;

/** `run local/17` stands at the right of at most this many columns. */
const WIDEST = 89;

/** Closing line of a stage: glyph, name, time, attempts, what went wrong. Null for what never began. */
export function renderFinished(node: NodeView, brush: Brush): string | null {
  const object = node.object;
  if (!object || object.status.kind !== 'ended') return null;
  const ran = measureRan(object, Date.parse(object.status.at));
  const isDecided = node.kind === 'gate' && object.status.ending !== 'skipped' && object.status.ending !== 'not-run';
  const child = object.reason?.code === 'child-run' ? object.reason.values?.['label'] : undefined;
  if (ran === null && !isDecided && !object.carriedFrom && child === undefined) return null;
  const look = lookOf(object.status);
  const attempts = object.attempts.length;
  const parts = [
    `${brush.paint(look.style, brush.glyphOf(look))} ${node.name}`,
    object.carriedFrom ? `carried from ${object.carriedFrom}` : ran === null ? '' : formatDuration(ran),
    child === undefined ? '' : `run ${child}`,
    attempts > 1 ? `${attempts} attempts` : '',
    countTests(object),
    explainEnd(node),
  ];
  return parts.filter((part) => part !== '').join('  ');
}

/** The last lines of a failed stage, with their numbers, and those of a service that was the cause. */
export function renderExcerpt(node: NodeView, clean: (text: string) => string, brush: Brush): string[] {
  const tail = [...node.logs.values()].at(-1)?.tail ?? [];
  const width = Math.max(5, ...tail.map(({ n }) => String(n).length));
  const own = tail.map(({ n, text }) => `  ${brush.paint('dim', `${padStart(String(n), width)} |`)} ${clean(text)}`);
  return [...own, ...renderServiceLog(node, clean, brush)];
}

function renderServiceLog({ object }: NodeView, clean: (text: string) => string, brush: Brush): string[] {
  const reason = object?.status.kind === 'ended' ? object.status.reason : null;
  const { service, log } = reason?.values ?? {};
  if (!reason?.code.startsWith('service-') || service === undefined || log === undefined) return [];
  return log.split('\n').map((line) => `  ${brush.paint('dim', `${service} |`)} ${clean(line)}`);
}

/** Table of all nodes; null when every one simply passed. */
export function renderTable(view: View, brush: Brush, columns: number | null): string[] | null {
  const nodes = [...view.nodes.values()].toSorted((a, b) => a.position - b.position);
  if (nodes.every((node) => endingOf(node) === 'passed')) return null;
  const rows = nodes.map((node) => {
    const status = node.object?.status;
    const ran = node.object ? measureRan(node.object, Date.now()) : null;
    const waited = measureWaited(view, node);
    return {
      look: status ? lookOf(status) : null,
      name: node.name,
      ending: endingOf(node) ?? status?.kind ?? 'waiting',
      waited: waited === null ? '' : formatDuration(waited),
      ran: ran === null ? '' : formatDuration(ran),
      why: explainBriefly(node),
    };
  });
  const widthOf = (header: string, least: number, pick: (row: (typeof rows)[number]) => string) =>
    Math.max(measureWidth(header), least, ...rows.map((row) => measureWidth(pick(row))));
  const glyphs = widthOf('', 1, ({ look }) => (look ? brush.glyphOf(look) : ''));
  const names = widthOf('stage', 0, ({ name }) => name);
  const endings = widthOf('ending', 9, ({ ending }) => ending);
  const waits = widthOf('waited', 0, ({ waited }) => waited);
  const runs = widthOf('ran', 5, ({ ran }) => ran);
  const line = (glyph: string, name: string, ending: string, waited: string, ran: string, why: string) =>
    `${glyph} ${padEnd(name, names)}  ${padEnd(ending, endings)}  ${padStart(waited, waits)}  ${padStart(ran, runs)}  ${why}`.trimEnd();
  const lines = [
    brush.paint('dim', line(' '.repeat(glyphs), 'stage', 'ending', 'waited', 'ran', 'why')),
    ...rows.map((row) => {
      const glyph = row.look
        ? brush.paint(row.look.style, padEnd(brush.glyphOf(row.look), glyphs))
        : ' '.repeat(glyphs);
      return line(glyph, row.name, row.ending, row.waited, row.ran, row.why);
    }),
  ];
  return columns === null ? lines : lines.map((text) => cutEnd(text, columns - 1, brush.marks.ellipsis));
}

/** `✓ passed  0.7s · 2 passed        run local/17`. `columns` is null when stderr is no terminal. */
export function renderEnding(view: View, brush: Brush, columns: number | null): string {
  const { run } = view;
  if (run.status.kind !== 'ended') return '';
  const look = lookOf(run.status);
  const ms = run.durationMs ?? (run.endedAt ? Date.parse(run.endedAt) - Date.parse(run.createdAt) : 0);
  const glyph = brush.glyphOf(look);
  const left = `${glyph} ${nameEnding(run.status.ending)}  ${formatDuration(ms)} ${brush.marks.dot} ${countEndings(view)}`;
  const right = `run ${run.label}`;
  const room = columns === null ? 0 : Math.min(columns - 1, WIDEST) - measureWidth(left) - measureWidth(right);
  return `${brush.paint(look.style, glyph)}${left.slice(glyph.length)}${' '.repeat(Math.max(2, room))}${brush.paint('dim', right)}`;
}

/** `1 passed, 1 failed, 2 not-run` */
export function countEndings(view: View): string {
  const endings = [...view.nodes.values()].map(endingOf);
  const counts = ENDINGS.map((ending) => ({ ending, amount: endings.filter((held) => held === ending).length }));
  return (
    counts.flatMap(({ ending, amount }) => (amount > 0 ? [`${amount} ${ending}`] : [])).join(', ') || 'nothing ran'
  );
}

/** `Next: buildit retry local/18 --failed · buildit logs local/18 'test[node=24]'` */
export function renderNext(view: View, brush: Brush): string {
  const { run } = view;
  const nodes = [...view.nodes.values()].toSorted((a, b) => a.position - b.position);
  const isBad = (node: NodeView) => !['passed', 'skipped', 'not-run', null].includes(endingOf(node));
  const hasRun = (node: NodeView) => (node.object?.attempts.length ?? 0) > 0;
  const bad = nodes.find((node) => isBad(node) && hasRun(node));
  const stopped = nodes.find((node) => !['passed', null].includes(endingOf(node)));
  const isPassed = run.status.kind === 'ended' && ['passed', 'soft-failed'].includes(run.status.ending);
  const steps: string[] = [];
  if (!isPassed) steps.push(`buildit retry ${run.label} --failed`);
  const shown = bad ?? (isPassed ? nodes.find(hasRun) : undefined);
  if (shown) steps.push(`buildit logs ${run.label} ${quoteWord(shown.name)}`);
  else if (stopped) steps.push(`buildit why ${run.label} ${quoteWord(stopped.name)}`);
  return `Next: ${steps.join(` ${brush.marks.dot} `) || `buildit runs show ${run.label}`}`;
}
