import type { PipelineWithText } from '#core/rest-pipelines.ts';
import type { Call, Handler } from '../call.ts';
import { workspaceOf } from '../context/place.ts';
import { openSession } from '../context/session.ts';
import { EXIT } from '../exit.ts';
import { CommandError } from '../fault/command-error.ts';
import { locateFile, type PipelineFile } from '../file/locate.ts';
import type { Commands } from '../grammar/commands.ts';
import { printObject } from '../output/list.ts';
import { PIPELINE_COLUMNS } from '../pipeline/columns.ts';
import { editText } from '../pipeline/edit-text.ts';
import { isSound } from '../pipeline/read-text.ts';

/** `buildit pipelines edit NAME [FILE]`: a new version, unless somebody else made one meanwhile. */
export const handle: Handler<Commands['pipelines edit']> = async (call) => {
  const { screen, words } = call;
  const { api, place } = await openSession(call);
  const { value, etag } = await api().readPipeline({ pipeline: words[0] ?? '', workspace: workspaceOf(place) });
  const file = words[1] === undefined ? await edit(call, value) : locateFile(words[1], call.folder);
  if (file.text === value.text) {
    screen.say(`The text of ${value.name} is what it was.\n`);
    return EXIT.done;
  }
  if (!(await isSound(call, file))) {
    screen.say(words[1] === undefined ? `What you wrote is kept in ${file.path}\n` : '');
    return EXIT.usage;
  }
  const { message } = call.options;
  const pipeline = await api().replaceText(value.id, etag, {
    text: file.text,
    ...(message === null ? {} : { message }),
  });
  screen.say(`${pipeline.name} is at version ${pipeline.version}. Next: buildit trigger ${pipeline.name} --follow\n`);
  if (call.format !== 'table') {
    await printObject(call, pipeline, { columns: PIPELINE_COLUMNS, nameOf: ({ name }) => name });
  }
  return EXIT.done;
};

async function edit(call: Call<Commands['pipelines edit']>, pipeline: PipelineWithText): Promise<PipelineFile> {
  if (!call.screen.canPrompt) {
    throw new CommandError(EXIT.usage, {
      code: 'usage',
      message: 'there is no terminal to edit in',
      fix: `hand over a file: buildit pipelines edit ${pipeline.name} FILE`,
    });
  }
  return editText(pipeline.name, pipeline.text ?? '', call.environment);
}
