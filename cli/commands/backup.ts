import { resolve } from 'node:path';
import { faultOf } from '#core/fault.ts';
import { runArchive } from '#engine/archive.ts';
import type { AnyCall, Handler } from '../call.ts';
import { EXIT } from '../exit.ts';
import { CommandError } from '../fault/command-error.ts';
import type { Commands } from '../grammar/commands.ts';
import { printObjects } from '../output/print.ts';

/** What an archive holds. */
interface BackupSummary {
  file: string;
  bytes: number;
  tables: number;
  objects: number;
  files: number;
  hasKey: boolean;
}

/** `buildit backup FILE`: one archive, written while the engine or the servers go on. */
export const handle: Handler<Commands['backup']> = async (call) => {
  const { screen } = call;
  const summary = await archive<BackupSummary>('backup', call);
  await printObjects(
    screen,
    {
      items: [summary],
      columns: [
        { header: 'file', valueOf: ({ file }) => file },
        { header: 'bytes', valueOf: ({ bytes }) => String(bytes), align: 'right' },
        { header: 'objects', valueOf: ({ objects }) => String(objects), align: 'right' },
      ],
      nameOf: ({ file }) => file,
      isList: false,
    },
    { format: call.format, fields: call.options.fields, 'no-headers': call.options['no-headers'] },
  );
  screen.say(
    summary.hasKey
      ? 'It holds the master key: whoever has the file can open every secret. Keep it as you keep the server.\n'
      : 'No secret was ever kept here, so it holds no master key.\n',
  );
  return EXIT.done;
};

/** Both commands: the file is the caller's, what cannot be done on this machine is exit 3. */
export async function archive<Summary>(
  action: 'backup' | 'restore',
  { words, folder, environment, screen }: Pick<AnyCall, 'words' | 'folder' | 'environment' | 'screen'>,
): Promise<Summary> {
  try {
    return await runArchive<Summary>(action, resolve(folder, words[0] ?? ''), {
      environment: { ...environment },
      onProgress: (line) => screen.say(`${line}\n`),
    });
  } catch (thrown) {
    const fault = faultOf(thrown);
    if (!fault) throw thrown;
    const isUsage = ['backup-file-exists', 'restore-not-empty', 'servers-incomplete'].includes(fault.code);
    throw new CommandError(isUsage ? EXIT.usage : EXIT.notReady, fault);
  }
}
