import type { StagePlan } from '#core/plan.ts';
import type { WordNode } from './shape.ts';
import { findWord, readChoice, readLateText, type Reading } from './values.ts';

const IMAGE = /^[a-z0-9][A-Za-z0-9._-]*(:\d+)?(\/[a-z0-9][a-z0-9._-]*)*(:[\w][\w.-]{0,127})?(@sha256:[0-9a-f]{64})?$/;

/** The `image` of a stage, a service or the pipeline; null if absent or wrong. */
export function readImage(reading: Reading, node: WordNode): StagePlan['image'] {
  const image = findWord(node, 'image');
  if (!image) return null;
  const ref = readLateText(reading, node, 'image');
  const value = image.args[0];
  if (typeof ref === 'string' && value && !IMAGE.test(ref)) {
    reading.problems.report('KDL014', value.place, `${JSON.stringify(ref)} is no image reference`, {
      hint: 'write name:tag, registry/name:tag or name@sha256:…, in lower case',
    });
  }
  const pull = readChoice(reading, image, 'pull', ['missing', 'always', 'never']) ?? 'missing';
  return ref === null ? null : { ref, pull };
}
