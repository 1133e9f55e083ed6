import { type ConcurrencyRule, WHEN_BUSY } from '#core/concurrency.ts';
import { readString } from './interpolate.ts';
import type { WordNode } from './shape.ts';
import type { Place } from './source.ts';
import { findWord, readChoice, readInteger, type Reading } from './values.ts';

/** Places of a group; far above what anybody can follow. */
const MAX_PLACES = 1_000;
const MAX_NAME = 200;

/** The `concurrency` of a pipeline or a stage. Its group is known when the run is planned. */
export function readConcurrency(reading: Reading, node: WordNode): { rule: ConcurrencyRule; place: Place } | null {
  const found = findWord(node, 'concurrency');
  const value = found?.args[0];
  if (!found || !value) return null;
  const group = readString(reading.problems, reading.scope, value);
  const limit = readInteger(reading, found, 'limit', { min: 1, max: MAX_PLACES }) ?? 1;
  const whenBusy = readChoice(reading, found, 'when-busy', WHEN_BUSY) ?? 'queue';
  if (group === null) return null;
  if (group.trim() === '' || group.length > MAX_NAME) {
    reading.problems.report('KDL014', value.place, `${JSON.stringify(group.slice(0, 40))} is no name of a group`, {
      hint: `a group has a name of at most ${MAX_NAME} characters`,
    });
    return null;
  }
  return { rule: { group, limit, whenBusy }, place: value.place };
}

/** The one of a stage: waiting for the group its own run has a place of, it would wait for itself. */
export function readStageConcurrency(
  reading: Reading,
  node: WordNode,
  ofRun: { rule: ConcurrencyRule; place: Place } | null,
): { concurrency?: ConcurrencyRule } {
  const own = readConcurrency(reading, node);
  if (own && ofRun && own.rule.group === ofRun.rule.group) {
    reading.problems.report('KDL073', own.place, `this run has a place of the group "${own.rule.group}" already`, {
      label: 'the stage would wait for its own run',
      related: [{ place: ofRun.place, message: 'the run takes its place here' }],
      hint: 'keep one of the two, or name another group',
    });
  }
  return own ? { concurrency: own.rule } : {};
}
