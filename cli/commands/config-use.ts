import type { Handler } from '../call.ts';
import { withSetting, writeConfigFile } from '../context/config-file.ts';
import { choosePlace } from '../context/place.ts';
import { EXIT } from '../exit.ts';
import type { Commands } from '../grammar/commands.ts';

/** `buildit config use CTX` */
export const handle: Handler<Commands['config use']> = async (call) => {
  const { config, screen, environment } = call;
  const name = call.words[0] ?? '';
  // Refuses a context that is not there, with the nearest that is.
  const place = choosePlace({ flags: { context: name, workspace: null }, environment: {}, config });
  writeConfigFile(config.path, withSetting(config, 'use', name));
  screen.say(`Commands go to ${place.kind === 'local' ? 'the engine of this machine' : place.url} from now on.\n`);
  const over = environment['BUILDIT_SERVER'];
  if (over) screen.cry(`warning: BUILDIT_SERVER is set to ${over} and goes before it\n`);
  return EXIT.done;
};
