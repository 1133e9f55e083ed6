import { toFault } from '#core/fault.ts';
import type { Handler } from '../call.ts';
import { EXIT } from '../exit.ts';
import type { Commands } from '../grammar/commands.ts';
import { printObjects } from '../output/print.ts';
import { padEnd } from '../terminal/width.ts';
import { CHECKS, type Finding } from './checks.ts';

/** `buildit doctor`: one line a check, with the exact fix; exit 3 when one fails. */
export const handle: Handler<Commands['doctor']> = async ({ screen, environment, format, options }) => {
  const found = await Promise.all(
    CHECKS.map(async ({ name, run }) => {
      const finding: Finding = await Promise.resolve()
        .then(() => run(environment))
        .catch((thrown: unknown) => ({ ok: false, text: toFault(thrown).message, fix: toFault(thrown).cause ?? '' }));
      return { name, ...finding };
    }),
  );
  if (format === 'table') {
    for (const finding of found) {
      const glyph = finding.ok
        ? screen.paintOut('green', screen.isUnicode ? '✓' : 'ok  ')
        : screen.paintOut('red', screen.isUnicode ? '✗' : 'FAIL');
      const fix = finding.ok ? '' : `; fix: ${finding.fix}`;
      screen.out(`${glyph} ${padEnd(finding.name, 8)}  ${finding.text}${fix}\n`);
    }
  } else {
    await printObjects(
      screen,
      { items: found, columns: [], nameOf: ({ name }) => name, isList: true },
      { format, fields: options.fields, 'no-headers': false },
    );
  }
  return found.every(({ ok }) => ok) ? EXIT.done : EXIT.notReady;
};
