import { applySystemFile } from '#config/system/file/apply.ts';
import {
  listSettings as listServerSettings,
  type SettingFact,
  type Variable,
  VARIABLES,
} from '#config/system/variables.ts';
import type { Handler } from '../call.ts';
import { placeOf } from '../context/session.ts';
import { listSettings, type SettingRow } from '../context/settings-list.ts';
import { EXIT } from '../exit.ts';
import type { Commands } from '../grammar/commands.ts';
import { printOptions } from '../output/list.ts';
import { printObjects } from '../output/print.ts';
import { loadSystemFile } from '../server/system-file.ts';

/** `buildit config list [--origin]` */
export const handle: Handler<Commands['config list']> = async (call) => {
  const { environment, config, options } = call;
  const file = loadSystemFile(call, options.config);
  const server = listServerSettings({ ...(file ? applySystemFile(environment, file) : environment) });
  const items = [
    ...listSettings({ flags: options, environment, config, place: placeOf(call) }),
    ...server.flatMap((fact) => (isForPeople(fact.name) ? [toRow(fact)] : [])),
  ];
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

/** As a server that is started here would have it. */
function toRow({ name, value, origin, place, unset }: SettingFact): SettingRow {
  if (origin === 'default') return { name, value: unset ?? '', origin };
  return { name, value: value ?? '(hidden)', origin: place ?? name };
}

function isForPeople(name: string): boolean {
  return VARIABLES.some((variable: Variable) => variable.name === name && variable.part !== 'process');
}
