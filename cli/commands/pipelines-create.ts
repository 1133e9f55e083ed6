import type { Handler } from '../call.ts';
import { workspaceOf } from '../context/place.ts';
import { openSession } from '../context/session.ts';
import { EXIT } from '../exit.ts';
import { locateFile } from '../file/locate.ts';
import type { Commands } from '../grammar/commands.ts';
import { printObject } from '../output/list.ts';
import { PIPELINE_COLUMNS } from '../pipeline/columns.ts';
import { isSound } from '../pipeline/read-text.ts';

/** `buildit pipelines create NAME [FILE]` */
export const handle: Handler<Commands['pipelines create']> = async (call) => {
  const { screen, options, words, folder } = call;
  const file = locateFile(words[1], folder);
  if (!(await isSound(call, file))) return EXIT.usage;
  const { api, place } = await openSession(call);
  const { description, message } = options;
  const pipeline = await api().createPipeline(workspaceOf(place), {
    name: words[0] ?? '',
    text: file.text,
    ...(description === null ? {} : { description }),
    ...(message === null ? {} : { message }),
  });
  screen.say(
    `${pipeline.workspace} has the pipeline ${pipeline.name}. Next: buildit trigger ${pipeline.name} --follow\n`,
  );
  if (call.format !== 'table') {
    await printObject(call, pipeline, { columns: PIPELINE_COLUMNS, nameOf: ({ name }) => name });
  }
  return EXIT.done;
};
