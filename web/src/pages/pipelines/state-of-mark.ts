import type { RunMark } from '#core/rest-pipelines.ts';
import type { State } from '../../ui/state.ts';

/** The look of a run that is known by its mark alone. */
export function stateOfMark({ state }: RunMark): State {
  if (state === 'soft-failed') return 'passed-with-warnings';
  return state === 'waiting' ? 'waiting-turn' : state;
}
