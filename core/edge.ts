import { isFailure, isSuccess, type Ending } from './ending.ts';
import type { EdgeKind } from './plan.ts';

/** Whether an edge is satisfied by its need's ending (LANGUAGE §4, `needs`). */
export function isMet(on: EdgeKind, ending: Ending): boolean {
  switch (on) {
    case 'success':
      return isSuccess(ending);
    case 'failed':
      return isFailure(ending);
    case 'any':
      return true;
    case 'skipped':
      return ending === 'skipped';
    default:
      return on satisfies never;
  }
}
