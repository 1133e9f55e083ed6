import { readEngineLogs } from '#engine/engine-logs.ts';
import type { Handler } from '../call.ts';
import { EXIT } from '../exit.ts';
import type { Commands } from '../grammar/commands.ts';
import { printObjects } from '../output/print.ts';
import { removeEscapes } from '../terminal/sanitize.ts';

/** `buildit engine logs`: the last lines of each process, `--limit` of each, `--all` of what is kept. */
export const handle: Handler<Commands['engine logs']> = async (call) => {
  const { screen, format, options } = call;
  const logs = readEngineLogs({ environment: call.environment, limit: call.limit ?? Number.MAX_SAFE_INTEGER });
  if (logs.length === 0) screen.say('No engine has run yet. Next: buildit run FILE\n');
  if (format !== 'table') {
    const print = { format, fields: options.fields, 'no-headers': options['no-headers'] };
    await printObjects(screen, { items: logs, columns: [], nameOf: ({ role }) => role, isList: true }, print);
    return EXIT.done;
  }
  for (const { role, lines } of logs) {
    for (const line of lines)
      screen.out(`${screen.paintOut('cyan', role)} ${screen.paintOut('dim', '|')} ${removeEscapes(line)}\n`);
  }
  return EXIT.done;
};
