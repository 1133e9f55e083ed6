import type { PipelineWithText } from '#core/rest-pipelines.ts';

/**
 * What was read, or what was told or written while the answer was on its way: the answer to a change must not be
 * replaced by a reading that began before it.
 */
export function chooseNewer(
  before: PipelineWithText | undefined,
  known: PipelineWithText | undefined,
  answer: PipelineWithText,
): PipelineWithText {
  if (!known || known === before || known.id !== answer.id) return answer;
  if (known.seq !== answer.seq) return known.seq > answer.seq ? known : answer;
  return known.position >= answer.position ? known : answer;
}
