import type { Handler } from '../call.ts';
import { workspaceOf } from '../context/place.ts';
import { openSession } from '../context/session.ts';
import { EXIT } from '../exit.ts';
import type { Commands } from '../grammar/commands.ts';
import { printObject } from '../output/list.ts';
import { describeDefault, PIPELINE_COLUMNS } from '../pipeline/columns.ts';
import { oneLine, removeEscapes } from '../terminal/sanitize.ts';

/** `buildit pipelines show NAME`: its text on stdout; as data the object. */
export const handle: Handler<Commands['pipelines show']> = async (call) => {
  const { api, place } = await openSession(call);
  const pipeline = await api().getPipeline({ pipeline: call.words[0] ?? '', workspace: workspaceOf(place) });
  if (call.format !== 'table' || call.options.fields.length > 0) {
    await printObject(call, pipeline, { columns: PIPELINE_COLUMNS, nameOf: ({ name }) => name });
    return EXIT.done;
  }
  const { screen } = call;
  const { name, workspace, version, enabled, description, lastRun } = pipeline;
  const parts = [
    `version ${version}`,
    ...(enabled ? [] : ['disabled']),
    ...(lastRun ? [`last run ${lastRun.label}`] : []),
    ...(pipeline.defaultBranch === null ? [] : [oneLine(describeDefault(pipeline))]),
  ];
  screen.say(`${screen.paint('bold', `${workspace} ${name}`)}  ${parts.join(` ${screen.marks.dot} `)}\n`);
  if (description !== '') screen.say(`${oneLine(description)}\n`);
  const text = pipeline.text ?? '';
  screen.out(screen.isOutTty ? removeEscapes(text) : text);
  return EXIT.done;
};
