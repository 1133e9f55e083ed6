import { formatDuration } from '#core/duration.ts';
import { formatBytes, formatCount } from '../../ui/format-bytes.ts';
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
  const button = makeElement('button', 'log-group-head');
  button.type = 'button';
  button.dataset['do'] = 'step';
  button.dataset['step'] = String(group.step);
  button.setAttribute('aria-expanded', String(!isFolded));
  const facts = [
    ...(exitCode === null ? ['running'] : exitCode === 0 ? [] : [`exit ${exitCode}`]),
    ...(durationMs === null ? [] : [formatDuration(durationMs)]),
    ...(isFolded ? [`${formatCount(lines)} ${lines === 1 ? 'line' : 'lines'}`] : []),
  ];
  button.append(
    makeElement('span', 'log-fold', isFolded ? '▸' : '▾'),
    makeElement('span', 'log-group-title', group.title === '' ? `Step ${group.step}` : group.title),
    makeElement('span', 'log-group-facts', facts.join(' · ')),
  );
  element.replaceChildren(button);
}

const CLOCK = new Intl.DateTimeFormat('en-GB', { timeStyle: 'medium' });

function drawGap(element: HTMLElement, { gap }: Extract<Row, { kind: 'gap' }>): void {
  element.className = 'log-row log-gap';
  const [from, to] = [gap.fromAt, gap.toAt].map((at) => CLOCK.format(new Date(at)));
  element.replaceChildren(`${formatBytes(gap.bytes)} missing, ${from}–${to}, ${gap.cause}`);
}
