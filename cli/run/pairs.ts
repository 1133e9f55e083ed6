import { EXIT } from '../exit.ts';
import { CommandError } from '../fault/command-error.ts';

/** `K=V` words as a record; the value may hold more `=`. */
export function splitPairs(flag: string, pairs: readonly string[]): Record<string, string> {
  const record: Record<string, string> = {};
  for (const pair of pairs) {
    const equals = pair.indexOf('=');
    if (equals < 1) {
      throw new CommandError(EXIT.usage, {
        code: 'usage',
        message: `${flag} needs K=V, not "${pair}"`,
        fix: `for example ${flag} version=1.2`,
      });
    }
    const key = pair.slice(0, equals);
    if (Object.hasOwn(record, key)) {
      throw new CommandError(EXIT.usage, {
        code: 'usage',
        message: `${flag} ${key} is given twice`,
        fix: 'give it once',
      });
    }
    record[key] = pair.slice(equals + 1);
  }
  return record;
}
