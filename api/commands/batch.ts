import { toProblem, type ProblemError } from '../problem.ts';

/** One of a batch, by its place in the request. */
export interface Placed<Item> {
  index: number;
  item: Item;
}

/** Each of the batch once, where it is named first. */
export function listOnce<Item>(items: readonly Item[], keyOf: (item: Item) => string): Placed<Item>[] {
  const seen = new Set<string>();
  return items.flatMap((item, index) => {
    const key = keyOf(item);
    if (seen.has(key)) return [];
    seen.add(key);
    return [{ index, item }];
  });
}

/** What the work comes to, or why it was refused. Faults of ours go on. */
export async function orRefusal<Result>(work: Promise<Result>): Promise<Result | ProblemError> {
  try {
    return await work;
  } catch (error) {
    const problem = toProblem(error);
    if (problem.problem.status >= 500) throw error;
    return problem;
  }
}

/** Like `Promise.all`, and all of it is over when this is: nothing goes on behind an answer. */
export async function finishAll<Result>(work: readonly Promise<Result>[]): Promise<Result[]> {
  await Promise.allSettled(work);
  return Promise.all(work);
}
