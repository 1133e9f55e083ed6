import type { DeclaredTrigger, Trigger } from '#core/trigger.ts';
import type { Problems } from './problems.ts';
import type { WordNode } from './shape.ts';
import { positionAt } from './source.ts';
import { listWord } from './values.ts';

/** The triggers of a file without errors (each `on` is one), with the line on which each begins. */
export function describeTriggers(
  problems: Problems,
  file: WordNode,
  triggers: readonly Trigger[] | undefined,
): DeclaredTrigger[] {
  const nodes = listWord(file, 'on');
  return (triggers ?? []).flatMap((trigger, index) => {
    const place = nodes[index]?.place;
    return place ? [{ trigger, line: positionAt(place.source ?? problems.source, place.start).line }] : [];
  });
}
