import { toFault } from '#core/fault.ts';
import { stopEngine } from '#engine/engine-control.ts';
import type { Handler } from '../call.ts';
import { EXIT } from '../exit.ts';
import { CommandError } from '../fault/command-error.ts';
import type { Commands } from '../grammar/commands.ts';

/** `buildit engine stop`: open runs stay and go on with the next start. */
export const handle: Handler<Commands['engine stop']> = async ({ screen, environment }) => {
  const wasThere = await stopEngine({ environment }).catch((thrown: unknown) => {
    throw new CommandError(EXIT.notReady, toFault(thrown));
  });
  screen.say(wasThere ? 'The engine has stopped; open runs go on when it starts again.\n' : 'No engine runs.\n');
  return EXIT.done;
};
