import type { Handler } from '../call.ts';
import { EXIT } from '../exit.ts';
import type { Commands } from '../grammar/commands.ts';
import { printObjects } from '../output/print.ts';
import { archive } from './backup.ts';

/** What became of an archive. */
interface RestoreSummary {
  createdAt: string;
  tables: number;
  objects: number;
  files: number;
}

/** `buildit restore FILE`: a new installation with everything an archive holds. */
export const handle: Handler<Commands['restore']> = async (call) => {
  const summary = await archive<RestoreSummary>('restore', call);
  await printObjects(
    call.screen,
    {
      items: [summary],
      columns: [
        { header: 'of', valueOf: ({ createdAt }) => createdAt },
        { header: 'tables', valueOf: ({ tables }) => String(tables), align: 'right' },
        { header: 'objects', valueOf: ({ objects }) => String(objects), align: 'right' },
      ],
      nameOf: ({ createdAt }) => createdAt,
      isList: false,
    },
    { format: call.format, fields: call.options.fields, 'no-headers': call.options['no-headers'] },
  );
  call.screen.say(
    'Runs that were open end errored within a minute or two. Next: buildit runs list, or buildit server\n',
  );
  return EXIT.done;
};
