import { RETRY_ON, type RetryRule } from '#core/plan.ts';
import type { WordNode } from './shape.ts';
import {
  findWord,
  listWord,
  readChoice,
  readDuration,
  readExitCodes,
  readInteger,
  readPattern,
  type Reading,
} from './values.ts';

/** Hard cap of attempts after the first (LANGUAGE §4). */
const MAX_RETRIES = 10;

/** The retry rules of a stage or pipeline in their order; the first that matches decides. */
export function readRetries(reading: Reading, node: WordNode): RetryRule[] {
  return listWord(node, 'retry').map((rule) => {
    const on = readChoice(reading, rule, 'on', RETRY_ON) ?? 'any';
    const exit = readExitCodes(reading, rule);
    const needsExit = findWord(rule, 'exit') ?? findWord(rule, 'log-match');
    if (needsExit && (on === 'timeout' || on === 'infra')) {
      reading.problems.report(
        'KDL017',
        needsExit.namePlace,
        `on="${on}" is no failure of the script, so "${needsExit.name}" can never match`,
        { hint: 'take one of the two out, or write on="failed"' },
      );
    }
    return {
      on,
      limit: readInteger(reading, rule, 'limit', { min: 1, max: MAX_RETRIES }) ?? 1,
      exit,
      logMatch: readPattern(reading, rule, 'log-match'),
      backoffMs: readDuration(reading, rule, 'backoff') ?? 0,
      factor: readFactor(reading, rule),
      maxMs: readDuration(reading, rule, 'max'),
    };
  });
}

function readFactor({ problems }: Reading, rule: WordNode): number {
  const value = findWord(rule, 'factor')?.args[0];
  if (typeof value?.value !== 'number') return 1;
  if (value.value >= 1 && value.value <= 100) return value.value;
  problems.report('KDL014', value.place, `factor is 1 to 100, not ${value.value}`);
  return 1;
}
