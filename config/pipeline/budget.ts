import type { PlanNode } from '#core/plan.ts';
import type { Vertex } from './declarations.ts';
import type { Problems } from './problems.ts';
import type { WordNode } from './shape.ts';
import { listWord } from './values.ts';

/** Characters of scripts and variables in a whole plan; far above what anybody writes. */
const MAX_CHARACTERS = 4 * 1024 * 1024;

/** How much of a plan's room is used. */
export interface Budget {
  /** True once it was too much, which has been reported. */
  isSpent(): boolean;
  spend(vertex: Vertex, node: PlanNode): void;
}

/**
 * Counts what a plan holds while it is compiled, so that a short file (a long script in a
 * matrix, a long variable of the pipeline in 500 stages) cannot make a huge plan.
 */
export function createBudget(problems: Problems, pipeline: WordNode | null): Budget {
  const shared = pipeline ? countVariables(pipeline) : 0;
  let total = 0;
  return {
    isSpent: () => total > MAX_CHARACTERS,
    spend({ declaration }, node) {
      total += shared + countVariables(declaration.node) + (node.kind === 'stage' ? countNode(node) : 0);
      if (total <= MAX_CHARACTERS) return;
      problems.report('KDL023', declaration.namePlace, 'the scripts and variables of this plan are too long', {
        label: 'the limit is passed here',
        hint: `all legs together have at most ${MAX_CHARACTERS} characters: move scripts into files`,
      });
    },
  };
}

function countNode(node: Extract<PlanNode, { kind: 'stage' }>): number {
  const scripts = node.steps.reduce((sum, step) => sum + step.script.length, 0);
  const texts = Object.values(node.env).flatMap((text) => (typeof text === 'string' ? [text] : text.parts));
  return texts.reduce((sum, part) => sum + (typeof part === 'string' ? part.length : part.ref.length), scripts);
}

function countVariables(node: WordNode): number {
  const values = listWord(node, 'env').flatMap((word) => [...word.args, ...word.own.flatMap((own) => own.args)]);
  return values.reduce((sum, { value }) => sum + (typeof value === 'string' ? value.length : 0), 0);
}
