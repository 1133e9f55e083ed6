import { formatDuration } from '#core/duration.ts';
import { readPreference } from '../../app/preferences.ts';
import { formatBytes, formatCount } from '../../ui/format-bytes.ts';
import { zonedClock } from '../../ui/zoned-clock.ts';
import type { Row } from '../model/rows.ts';
import { makeElement } from './make-element.ts';

/** Draws a row that is no line: head of a step, gap, lines left out. */
export function drawRow(element: HTMLElement, row: Exclude<Row, { kind: 'line' }>): void {
  switch (row.kind) {
    case 'group':
      return drawGroup(element, row);
    case 'gap':
      return drawGap(element, row);
    case 'skipped': {
      element.className = 'log-row log-skipped';
      const count = row.to - row.from + 1;
      element.replaceChildren(`${formatCount(count)} ${count === 1 ? 'line' : 'lines'} without a hit`);
      return undefined;
    }
    default:
      return row satisfies never;
  }
}

function drawGroup(element: HTMLElement, { group, isFolded, lines }: Extract<Row, { kind: 'group' }>): void {
  const { exitCode, durationMs } = group;
  const state = exitCode === null ? 'running' : exitCode === 0 ? 'passed' : 'failed';
  element.className = `log-row log-group log-group-${state}`;
  // The same button as before: one that is replaced between press and release is never clicked.
  const button = element.querySelector<HTMLButtonElement>('.log-group-head') ?? makeElement('button', 'log-group-head');
  button.type = 'button';
  button.dataset['do'] = 'step';
  button.dataset['step'] = String(group.step);
  button.setAttribute('aria-expanded', String(!isFolded));
  const facts = [
    ...(exitCode === null ? ['running'] : exitCode === 0 ? [] : [`exit ${exitCode}`]),
    ...(durationMs === null ? [] : [formatDuration(durationMs)]),
    ...(isFolded ? [`${formatCount(lines)} ${lines === 1 ? 'line' : 'lines'}`] : []),
  ];
  const words = {
    'log-fold': isFolded ? '▸' : '▾',
    'log-group-title': group.title === '' ? `Step ${group.step}` : group.title,
    'log-group-facts': facts.join(' · '),
  };
  for (const [name, text] of Object.entries(words)) {
    const span = button.querySelector(`.${name}`) ?? button.appendChild(makeElement('span', name));
    span.textContent = text;
  }
  if (button.parentNode !== element) element.replaceChildren(button);
}

const writeClock = zonedClock({ timeStyle: 'medium' });

function drawGap(element: HTMLElement, { gap }: Extract<Row, { kind: 'gap' }>): void {
  element.className = 'log-row log-gap';
  const [from, to] = [gap.fromAt, gap.toAt].map((at) => writeClock(Date.parse(at), readPreference('clock')));
  element.replaceChildren(`${formatBytes(gap.bytes)} missing, ${from}–${to}, ${gap.cause}`);
}
