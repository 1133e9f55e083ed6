import { formatCount } from '../../ui/format-bytes.ts';
import type { LogLine } from '../model/line-windows.ts';
import { type LinePart, type Ranges, SHOWN_CHARACTERS, splitParts } from '../text/line-parts.ts';
import { lookOf } from '../text/look.ts';
import { readLine } from '../text/read-line.ts';
import { makeElement } from './make-element.ts';

/** How one line is to be drawn. */
export interface LineLook {
  line: LogLine | null;
  /** Places of hits in the line. */
  ranges: Ranges;
  isCurrentHit: boolean;
  isError: boolean;
  isSelected: boolean;
  /** What the person opened of it. */
  isWhole: boolean;
  hasEarlier: boolean;
  /** Head of a section of the output: folded or not. */
  section: { title: string; isFolded: boolean } | null;
  depth: number;
  /** Time of the line as text; null without the column. */
  time: string | null;
  failure: string | null;
}

export const NO_RANGES: Ranges = [];

/** Draws a line into its row: number, time, and the text in its colours. Everything is a text node or a plain span. */
export function drawLine(row: HTMLElement, n: number, look: LineLook): void {
  const { line } = look;
  const number = makeElement('a', 'log-number', String(n));
  number.href = `#L${n}`;
  number.tabIndex = -1;
  const nodes: Node[] = [number];
  if (look.time !== null) nodes.push(makeElement('span', 'log-time', look.time));
  if (look.section) nodes.push(...drawSection(look.section));
  else if (line) nodes.push(...drawText(line, look));
  else if (look.failure !== null) {
    nodes.push(makeElement('span', 'log-failure', `not read: ${look.failure} `), makeAction('retry', 'Retry'));
  }
  row.replaceChildren(...nodes);
  row.className = [
    'log-row',
    ...(look.isError ? ['log-is-error'] : []),
    ...(look.isSelected ? ['log-is-selected'] : []),
    ...(look.isCurrentHit ? ['log-is-current'] : []),
    ...(line?.partial ? ['log-is-partial'] : []),
  ].join(' ');
  if (look.depth > 0) row.dataset['depth'] = String(look.depth);
  else delete row.dataset['depth'];
}

function drawSection({ title, isFolded }: { title: string; isFolded: boolean }): Node[] {
  const button = makeAction('section', isFolded ? '▸' : '▾', title === '' ? 'Section' : title);
  button.setAttribute('aria-expanded', String(!isFolded));
  return [button, document.createTextNode(title)];
}

function drawText(line: LogLine, look: LineLook): Node[] {
  const { runs, earlier, updates } = readLine(line.text);
  const nodes: Node[] = [];
  if (look.hasEarlier) {
    for (const state of earlier) {
      const { parts } = splitParts(state, NO_RANGES, SHOWN_CHARACTERS);
      nodes.push(...parts.map(drawPart), makeElement('span', 'log-return', '\n'));
    }
  }
  const { parts, hidden } = splitParts(runs, look.ranges, look.isWhole ? Number.POSITIVE_INFINITY : SHOWN_CHARACTERS);
  nodes.push(...parts.map(drawPart));
  if (hidden > 0) nodes.push(makeAction('expand', `… ${formatCount(hidden)} more characters`));
  if (line.cut && hidden === 0) {
    nodes.push(makeElement('span', 'log-note', `… ${formatCount(line.cut)} more bytes: download the log`));
  }
  if (updates > 1) {
    nodes.push(makeAction('earlier', look.hasEarlier ? 'fold updates' : `${formatCount(updates)} updates`));
  }
  return nodes;
}

function drawPart(part: LinePart): Node {
  const look = lookOf(part.style);
  const isPlain = look.color === null && look.background === null && look.classes === '' && !part.isHit;
  if (part.kind === 'chip') {
    const chip = makeElement('span', part.isHit ? 'log-chip log-hit' : 'log-chip', part.label);
    chip.dataset['raw'] = part.character;
    return chip;
  }
  if (isPlain && part.href === null) return document.createTextNode(part.text);
  const element = part.href === null ? makeElement('span', '', part.text) : makeLink(part.text, part.href);
  if (look.classes !== '') element.className = look.classes;
  if (part.isHit) element.classList.add('log-hit');
  // Set through the object model, which the policy allows; an attribute in markup it would not.
  if (look.color !== null && !part.isHit) element.style.color = look.color;
  if (look.background !== null && !part.isHit) element.style.backgroundColor = look.background;
  return element;
}

function makeLink(text: string, href: string): HTMLAnchorElement {
  const link = makeElement('a', '', text);
  link.href = href;
  link.target = '_blank';
  link.rel = 'noopener noreferrer';
  link.title = href;
  link.dataset['link'] = '';
  return link;
}

/** A button inside a row: what it does is told by `data-do`, and done by the pane. Not part of what is copied. */
function makeAction(kind: string, text: string, label?: string): HTMLButtonElement {
  const button = makeElement('button', 'log-action', text);
  button.type = 'button';
  button.dataset['do'] = kind;
  if (label) button.setAttribute('aria-label', label);
  return button;
}
