import type { StagePlan } from '#core/plan.ts';
import type { Declaration } from './declarations.ts';
import { reportLookup } from './interpolate.ts';
import { splitPath } from './references.ts';
import { lookUp } from './scope.ts';
import { findWord, listWord, type Reading } from './values.ts';

/** A matrix of which an axis is the output of a stage before it. */
export function readLateMatrix({ problems, scope }: Reading, declaration: Declaration): Pick<StagePlan, 'lateMatrix'> {
  const late = declaration.matrix?.late;
  if (!late) return {};
  const matrix = findWord(declaration.node, 'matrix');
  for (const axis of matrix ? listWord(matrix, 'axis') : []) {
    const value = findWord(axis, 'from')?.args[0];
    if (!value || typeof value.value !== 'string') continue;
    const path = splitPath(value.value);
    const isOutput = path[0] === 'stages' && path[2] === 'outputs';
    const found = isOutput ? lookUp(scope, path) : null;
    if (found?.kind === 'problem') reportLookup(problems, value.place, found);
    else if (found?.kind !== 'late') {
      problems.report('KDL070', value.place, `${JSON.stringify(value.value)} is no output of a stage`, {
        hint: 'write the path of a JSON list, without ${}: from="stages.NAME.outputs.KEY"',
      });
    }
  }
  return { lateMatrix: late };
}
