import { prepareSupervisor } from '#engine/start-supervisor.ts';
import type { Handler } from '../call.ts';
import { EXIT } from '../exit.ts';
import { CommandError } from '../fault/command-error.ts';
import { locateFile } from '../file/locate.ts';
import { COMMANDS, type Commands } from '../grammar/commands.ts';
import { checkHere } from '../settings.ts';

/** `buildit run [FILE]` */
export const handle: Handler<Commands['run']> = async (call) => {
  const { options, words, folder } = call;
  const file = locateFile(words[0], folder);
  if (options.remote) return (await import('./remote.ts')).runRemotely(call, file);
  checkHere(COMMANDS.run, call.options);
  if (options.watch && options.detach) throw refuseBoth();
  // Of a cold engine the supervisor loads its code while we load ours and compile the file.
  const supervisor = prepareSupervisor({ ...call.environment });
  const { runHere } = await import('./run-here.ts');
  if (!options.watch) return runHere(call, file, null, supervisor);
  const { repeatAtChanges } = await import('./repeat.ts');
  let first: typeof supervisor = supervisor;
  return repeatAtChanges(call, file.path, (repeating) => {
    const waiting = first;
    first = null;
    return runHere(call, locateFile(words[0], folder), repeating, waiting);
  });
};

function refuseBoth(): CommandError {
  return new CommandError(EXIT.usage, {
    code: 'usage',
    message: '--watch and --detach exclude each other',
    fix: 'leave one of them out',
  });
}
