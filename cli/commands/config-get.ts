import type { Handler } from '../call.ts';
import { placeOf } from '../context/session.ts';
import { listSettings } from '../context/settings-list.ts';
import { EXIT } from '../exit.ts';
import { CommandError } from '../fault/command-error.ts';
import type { Commands } from '../grammar/commands.ts';
import { findNearest } from '../grammar/nearest.ts';
import { printOptions } from '../output/list.ts';
import { printObjects } from '../output/print.ts';

/** `buildit config get NAME`: the value alone, for scripts. */
export const handle: Handler<Commands['config get']> = async (call) => {
  const { environment, config, options, words } = call;
  const name = words[0] ?? '';
  const rows = listSettings({ flags: options, environment, config, place: placeOf(call) });
  const found = rows.find((row) => row.name === name);
  if (!found) {
    const names = rows.map((row) => row.name);
    const near = findNearest(name, names);
    throw new CommandError(EXIT.notFound, {
      code: 'usage',
      message: `there is no setting "${name}"`,
      fix: near === null ? `one of ${names.join(', ')}` : `did you mean "${near}"?`,
    });
  }
  if (call.format === 'table') call.screen.out(`${found.value}\n`);
  else {
    const shown = { items: [found], columns: [], nameOf: () => found.name, isList: false };
    await printObjects(call.screen, shown, printOptions(call));
  }
  return EXIT.done;
};
