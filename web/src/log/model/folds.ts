import type { LogIndexObject } from '#core/rest-logs.ts';
import type { LineRange } from './address.ts';

/** What is folded: steps by number, sections by their first line. */
export interface Folds {
  steps: ReadonlySet<number>;
  sections: ReadonlySet<number>;
}

export const NO_FOLDS: Folds = { steps: new Set(), sections: new Set() };

type Index = Pick<LogIndexObject, 'groups' | 'sections' | 'errors' | 'lines' | 'ended'>;

/**
 * What is folded when a log is opened: steps that passed, and sections that ended without an error. What failed or runs
 * is open, and where nothing did, the last step is: a log never opens with nothing to read.
 */
export function foldAtFirst({ groups, sections, errors }: Index): Folds {
  const passed = groups.filter(({ exitCode }) => exitCode === 0).map(({ step }) => step);
  if (passed.length === groups.length) passed.pop();
  const calm = sections.filter(
    ({ fromLine, toLine }) => toLine !== null && !errors.some((line) => line > fromLine && line <= toLine),
  );
  return { steps: new Set(passed), sections: new Set(calm.map(({ fromLine }) => fromLine)) };
}

/** Lines that folded sections hide: all but their first. */
export function hiddenBySections({ sections, lines }: Index, folds: Folds): LineRange[] {
  return sections.flatMap(({ fromLine, toLine }) => {
    const to = toLine ?? lines;
    return folds.sections.has(fromLine) && to > fromLine ? [{ from: fromLine + 1, to }] : [];
  });
}

/** With everything opened that hides one of the lines. */
export function unfoldAround({ groups, sections, lines }: Index, folds: Folds, { from, to }: LineRange): Folds {
  const steps = new Set(folds.steps);
  for (const [position, { step, fromLine }] of groups.entries()) {
    const end = (groups[position + 1]?.fromLine ?? lines + 1) - 1;
    if (fromLine <= to && end >= from) steps.delete(step);
  }
  const open = sections.filter(({ fromLine, toLine }) => fromLine < to && (toLine ?? lines) >= from);
  const opened = new Set(open.map(({ fromLine }) => fromLine));
  return { steps, sections: new Set([...folds.sections].filter((line) => !opened.has(line))) };
}

export function toggleStep(folds: Folds, step: number): Folds {
  return { ...folds, steps: toggle(folds.steps, step) };
}

export function toggleSection(folds: Folds, fromLine: number): Folds {
  return { ...folds, sections: toggle(folds.sections, fromLine) };
}

/** Folds everything; opens everything when all is folded. */
export function toggleAll({ groups, sections }: Index, folds: Folds): Folds {
  const isAllFolded = groups.every(({ step }) => folds.steps.has(step));
  if (isAllFolded && (groups.length > 0 || folds.sections.size > 0)) return NO_FOLDS;
  return {
    steps: new Set(groups.map(({ step }) => step)),
    sections: new Set(sections.map(({ fromLine }) => fromLine)),
  };
}

function toggle(set: ReadonlySet<number>, value: number): Set<number> {
  return set.has(value) ? new Set([...set].filter((one) => one !== value)) : new Set([...set, value]);
}
