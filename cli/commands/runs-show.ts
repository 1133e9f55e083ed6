import { formatDuration } from '#core/duration.ts';
import type { RunObject, StageObject } from '#core/rest.ts';
import type { Handler } from '../call.ts';
import { openRun } from '../context/open-run.ts';
import { EXIT } from '../exit.ts';
import type { Commands } from '../grammar/commands.ts';
import { createView } from '../live/view.ts';
import { explainBriefly, measureRan, measureWaited, nameEnding } from '../live/words.ts';
import { printObjects } from '../output/print.ts';
import { fillView } from '../run/fill-view.ts';
import { printRunObject, stateOf } from '../run/run-columns.ts';
import { lookOf } from '../terminal/glyph.ts';
import { oneLine } from '../terminal/sanitize.ts';

/** What the run waits for, or why it ended otherwise than by its stages. */
function explainRun({ status }: RunObject): string {
  const reason = 'reason' in status ? status.reason : null;
  return reason ? `  ${oneLine(reason.message)}` : '';
}

/** `buildit runs show RUN`: the run, then its stages; as data the run object with `stages`. */
export const handle: Handler<Commands['runs show']> = async (call) => {
  const { screen, options, format } = call;
  const { api, run } = await openRun(call, call.words[0]);
  if (format === 'name') {
    await printRunObject(call, run);
    return EXIT.done;
  }
  const [stages, gates] = await Promise.all([api.listStages(run.id), api.listGates(run.id)]);
  const print = { format, fields: options.fields, 'no-headers': options['no-headers'] };
  if (format !== 'table') {
    const item = { ...run, stages, gates };
    await printObjects(screen, { items: [item], columns: [], nameOf: () => run.label, isList: false }, print);
    return EXIT.done;
  }
  const view = createView(run, [], false);
  fillView(view, stages, gates);
  const look = lookOf(run.status);
  const took = run.durationMs === null ? '' : `  ${formatDuration(run.durationMs)}`;
  screen.say(
    `${screen.paint(look.style, screen.glyphOf(look))} ${run.pipeline.name}  run ${run.label}  ${stateOf(run)}${took}${explainRun(run)}\n`,
  );
  const nodeOf = (stage: StageObject) => view.nodes.get(stage.name);
  const time = (ms: number | null | undefined) => (ms === null || ms === undefined ? '' : formatDuration(ms));
  await printObjects<StageObject>(
    screen,
    {
      items: stages,
      columns: [
        { header: 'stage', valueOf: ({ name }) => name, shorten: 'middle' },
        {
          header: 'state',
          valueOf: ({ status }) => (status.kind === 'ended' ? nameEnding(status.ending) : status.kind),
          style: ({ status }) => lookOf(status).style,
        },
        { header: 'waited', valueOf: (stage) => time(measureWaited(view, nodeOf(stage) ?? raise())), align: 'right' },
        { header: 'ran', valueOf: (stage) => time(measureRan(stage, Date.now())), align: 'right' },
        { header: 'attempts', valueOf: ({ attempts }) => String(attempts.length), align: 'right' },
        { header: 'why', valueOf: (stage) => explainBriefly(nodeOf(stage) ?? raise()), shorten: 'end' },
      ],
      nameOf: ({ name }) => name,
      isList: true,
    },
    print,
  );
  return EXIT.done;
};

function raise(): never {
  throw new Error('a stage of the list is not in the view that was made from it');
}
