import type { WhyObject } from '#core/rest.ts';
import type { Handler } from '../call.ts';
import { openRun } from '../context/open-run.ts';
import { EXIT } from '../exit.ts';
import type { Commands } from '../grammar/commands.ts';
import { nameEnding } from '../live/words.ts';
import { printObjects } from '../output/print.ts';
import { lookOf } from '../terminal/glyph.ts';
import { oneLine } from '../terminal/sanitize.ts';
import type { Screen } from '../terminal/screen.ts';
import { padEnd } from '../terminal/width.ts';

/** `buildit why RUN STAGE`: each need, the condition with its values, each attempt. */
export const handle: Handler<Commands['why']> = async (call) => {
  const { screen, words, format, options } = call;
  const { api, run } = await openRun(call, words[0]);
  const why = await api.explainStage(run.id, words[1] ?? '');
  if (format !== 'table') {
    const print = { format, fields: options.fields, 'no-headers': options['no-headers'] };
    await printObjects(screen, { items: [why], columns: [], nameOf: ({ stage }) => stage, isList: false }, print);
  } else {
    screen.out(renderWhy(why, screen));
  }
  return EXIT.done;
};

/** The answer as lines: state and reason first, then what decided it. */
export function renderWhy(why: WhyObject, screen: Pick<Screen, 'paintOut' | 'glyphOf'>): string {
  const { status } = why;
  const look = lookOf(status);
  const state = status.kind === 'ended' ? nameEnding(status.ending) : status.kind;
  const reason = why.reason ?? (status.kind === 'waiting' || status.kind === 'paused' ? status.reason : null);
  const lines = [
    `${screen.paintOut(look.style, screen.glyphOf(look))} ${why.stage}  ${state}${reason ? `: ${oneLine(reason.message)}` : ''}`,
  ];
  const add = (label: string, text: string) =>
    lines.push(`  ${screen.paintOut('dim', padEnd(label, 9))}  ${oneLine(text)}`);
  const shown = why.condition?.values ?? {};
  for (const [path, value] of Object.entries(reason?.values ?? {}))
    if (shown[path] !== value) for (const line of value.split('\n')) add('value', `${path} = ${line}`);
  for (const need of why.needs) {
    const met = need.met === null ? 'not decided yet' : need.met ? 'met' : 'not met';
    add('needs', `${need.to} on ${need.on}: ${need.ending ?? 'not ended'} (${met})`);
  }
  if (why.condition) {
    const { expression, value, values } = why.condition;
    add('when', `${expression}: ${value ?? 'not decided yet'}`);
    for (const [path, held] of Object.entries(values)) add('', `${path} = ${held}`);
  }
  for (const attempt of why.attempts) {
    const exit = attempt.exitCode === null ? '' : `, exit ${attempt.exitCode}`;
    add(`attempt ${attempt.attempt}`, `${attempt.ending}${exit}${attempt.reason ? `: ${attempt.reason.message}` : ''}`);
  }
  return `${lines.join('\n')}\n`;
}
