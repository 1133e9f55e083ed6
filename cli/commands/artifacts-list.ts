import type { ArtifactObject } from '#core/rest.ts';
import type { Handler } from '../call.ts';
import { openRun } from '../context/open-run.ts';
import { EXIT } from '../exit.ts';
import type { Commands } from '../grammar/commands.ts';
import { formatBytes } from '../output/bytes.ts';
import { printObjects } from '../output/print.ts';

/** `buildit artifacts list RUN` */
export const handle: Handler<Commands['artifacts list']> = async (call) => {
  const { screen, format, options } = call;
  const { api, run } = await openRun(call, call.words[0]);
  const artifacts = await api.listArtifacts(run.id);
  if (artifacts.length === 0) screen.say(`${run.label} kept no artifact. Next: buildit runs show ${run.label}\n`);
  if (artifacts.length === 0 && format === 'table') return EXIT.done;
  await printObjects<ArtifactObject>(
    screen,
    {
      items: artifacts,
      columns: [
        { header: 'name', valueOf: ({ name }) => name, shorten: 'middle' },
        { header: 'stage', valueOf: ({ stage }) => stage, shorten: 'middle' },
        { header: 'files', valueOf: ({ files }) => String(files), align: 'right' },
        { header: 'size', valueOf: ({ bytes }) => formatBytes(bytes), align: 'right' },
        { header: 'digest', valueOf: ({ digest }) => digest.slice(0, 12) },
        { header: 'expires', valueOf: ({ expiresAt }) => expiresAt?.slice(0, 10) ?? 'with its run' },
      ],
      nameOf: ({ stage, name }) => `${stage}/${name}`,
      isList: true,
    },
    { format, fields: options.fields, 'no-headers': options['no-headers'] },
  );
  return EXIT.done;
};
