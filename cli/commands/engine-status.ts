import type { EngineProcess } from '#core/engine-file.ts';
import { engineStatus, type EngineStatus } from '#engine/engine-control.ts';
import type { Handler } from '../call.ts';
import { EXIT } from '../exit.ts';
import { CommandError } from '../fault/command-error.ts';
import type { Commands } from '../grammar/commands.ts';
import { printObjects } from '../output/print.ts';
import type { Screen } from '../terminal/screen.ts';

/** `buildit engine status`: starts nothing. As data `{ port, processes: [{ role, pid, address, version }] }`. */
export const handle: Handler<Commands['engine status']> = async (call) => {
  const { screen, format, options } = call;
  const status = await engineStatus({ environment: call.environment });
  if (status.kind === 'gave-up') throw new CommandError(EXIT.notReady, status.fault);
  const { processes, port } = status.kind === 'running' ? status.file : { processes: [], port: null };
  const print = { format, fields: options.fields, 'no-headers': options['no-headers'] };
  if (format === 'json' || format === 'yaml') {
    const shown = { items: [{ port, processes }], columns: [], nameOf: () => 'engine', isList: false };
    await printObjects(screen, shown, print);
    return EXIT.done;
  }
  say(status, screen);
  if (processes.length === 0) return EXIT.done;
  await printObjects<EngineProcess>(
    screen,
    {
      items: processes,
      columns: [
        { header: 'role', valueOf: ({ role }) => role },
        { header: 'pid', valueOf: ({ pid }) => String(pid), align: 'right' },
        { header: 'version', valueOf: ({ version }) => version },
        { header: 'address', valueOf: ({ address }) => address, shorten: 'middle' },
      ],
      nameOf: ({ role }) => role,
      isList: true,
    },
    print,
  );
  return EXIT.done;
};

function say(status: EngineStatus, screen: Screen): void {
  switch (status.kind) {
    case 'running':
      screen.say(
        `The engine serves since ${status.file.startedAt}${status.file.port ? `, at ${status.file.port}` : ''}.\n`,
      );
      break;
    case 'starting':
      screen.say(`The engine is on its way: ${status.step}.\n`);
      break;
    case 'stopped':
      if (status.fault)
        screen.say(`The last start failed: ${status.fault.message} (buildit help ${status.fault.code})\n`);
      else screen.say(`No engine runs${status.why === null ? '' : ` (${status.why})`}. Next: buildit run FILE\n`);
      break;
    case 'gave-up':
      break;
    default:
      status satisfies never;
  }
}
