import type { Call, Handler } from '../call.ts';
import { withContext, withSetting, writeConfigFile } from '../context/config-file.ts';
import { checkWorkspace } from '../context/place.ts';
import { placeOf } from '../context/session.ts';
import { CHANGEABLE } from '../context/settings-list.ts';
import { EXIT } from '../exit.ts';
import { CommandError } from '../fault/command-error.ts';
import type { Commands } from '../grammar/commands.ts';
import { COLOR_CHOICES, FORMATS } from '../grammar/globals.ts';
import { findNearest } from '../grammar/nearest.ts';
import { checkOneOf, UI_MODES } from '../settings.ts';

/** `buildit config set NAME VALUE` */
export const handle: Handler<Commands['config set']> = async (call) => {
  const [name = '', value = ''] = call.words;
  const known = CHANGEABLE.find((other) => other === name);
  const { config, screen } = call;
  switch (known) {
    case 'format':
      writeConfigFile(config.path, withSetting(config, known, checkOneOf(name, value, FORMATS)));
      break;
    case 'ui':
      writeConfigFile(config.path, withSetting(config, known, checkOneOf(name, value, UI_MODES)));
      break;
    case 'color':
      writeConfigFile(config.path, withSetting(config, known, checkOneOf(name, value, COLOR_CHOICES)));
      break;
    case 'workspace':
      setWorkspace(call, value);
      break;
    case undefined:
      throw refuse(name);
    default:
      known satisfies never;
  }
  screen.say(`${name} is ${value} in ${config.path}\n`);
  return EXIT.done;
};

function setWorkspace(call: Call<Commands['config set']>, value: string): void {
  const place = placeOf(call);
  const { config } = call;
  const context = place.kind === 'server' ? config.contexts.find(({ name }) => name === place.context) : undefined;
  if (!context) {
    throw new CommandError(EXIT.usage, {
      code: 'usage',
      message: 'no context is in use whose workspace could be set',
      fix: 'sign in: buildit login URL; or use one: buildit config use CTX',
    });
  }
  writeConfigFile(config.path, withContext(config, context.name, context.server.value, checkWorkspace(value)));
}

function refuse(name: string): CommandError {
  const near = findNearest(name, CHANGEABLE);
  return new CommandError(EXIT.usage, {
    code: 'usage',
    message: `config set does not know "${name}"`,
    fix:
      near === null
        ? `one of ${CHANGEABLE.join(', ')}; buildit config use CTX changes the context`
        : `did you mean "${near}"?`,
  });
}
