import type { AnyCall } from '../call.ts';
import { workspaceOf } from '../context/place.ts';
import { openSession } from '../context/session.ts';
import { EXIT, type ExitCode } from '../exit.ts';
import { printObject } from '../output/list.ts';
import { PIPELINE_COLUMNS } from './columns.ts';

/** What `pipelines enable` and `pipelines disable` share. */
export async function setEnabled(call: AnyCall, enabled: boolean): Promise<ExitCode> {
  const { api, place } = await openSession(call);
  const { value, etag } = await api().readPipeline({ pipeline: call.words[0] ?? '', workspace: workspaceOf(place) });
  const pipeline = await api().changePipeline(value.id, etag, { enabled });
  call.screen.say(
    enabled ? `${pipeline.name} starts runs again.\n` : `${pipeline.name} starts no more runs; open ones go on.\n`,
  );
  if (call.format !== 'table') {
    await printObject(call, pipeline, { columns: PIPELINE_COLUMNS, nameOf: ({ name }) => name });
  }
  return EXIT.done;
}
