import type { Handler } from '../call.ts';
import { placeOf } from '../context/session.ts';
import { listSettings, type SettingRow } from '../context/settings-list.ts';
import { EXIT } from '../exit.ts';
import type { Commands } from '../grammar/commands.ts';
import { printOptions } from '../output/list.ts';
import { printObjects } from '../output/print.ts';

/** `buildit config list [--origin]` */
export const handle: Handler<Commands['config list']> = async (call) => {
  const { environment, config, options } = call;
  const items = listSettings({ flags: options, environment, config, place: placeOf(call) });
  await printObjects<SettingRow>(
    call.screen,
    {
      items,
      columns: [
        { header: 'name', valueOf: ({ name }) => name },
        { header: 'value', valueOf: ({ value }) => value, shorten: 'end' },
        ...(options.origin
          ? [{ header: 'origin', valueOf: ({ origin }: SettingRow) => origin, shorten: 'middle' as const }]
          : []),
      ],
      nameOf: ({ name }) => name,
      isList: true,
    },
    printOptions(call),
  );
  return EXIT.done;
};
