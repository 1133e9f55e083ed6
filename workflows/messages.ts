import { defineQuery, defineSignal, defineUpdate } from '@temporalio/workflow';
import type { AskedChange } from '#core/change.ts';
import type { GroupAsk, GroupNews, GroupState } from '#core/concurrency.ts';
import type { Decision } from '#core/gate.ts';
import { ASK_PLACE, PLACE_GIVEN } from '#core/queues.ts';
import type { GateState, RunState, Status } from '#core/run.ts';

/** All of the run as the workflow knows it: for operators, tests and as a tie-breaker. */
export const stateQuery = defineQuery<RunState>('state');

/**
 * Decides on a gate. The update id is the decision's id, so a repeated request acts once.
 * Refused (type of the ApplicationFailure): `gate-not-open`, `plan-changed`,
 * `not-an-approver`, `self-approval`, `already-decided`, `comment-missing`, `field-unknown`,
 * `field-missing`.
 */
export const decideGateUpdate = defineUpdate<GateState, [gate: string, decision: Decision]>('decideGate');

/** Stops the run: graceful, or with `force` at once and without `always` stages. Refused: `run-ended`. */
export const cancelRunUpdate = defineUpdate<Status, [request: CancelRequest]>('cancelRun');

/**
 * Changes the run while it is open; what each does is said in pipeline-run/README.md. Answers once it is on record.
 * Refused: `run-ended`, `run-cancelling`, `run-paused`, `run-not-paused`, `stage-unknown`, `stage-is-gate`,
 * `stage-ended`, `stage-begun`, `stage-not-failed`, `finally-begun`, `timeout-missing`, `extension-too-long`.
 */
export const changeRunUpdate = defineUpdate<Status, [change: AskedChange]>('changeRun');

/** A stage that waits for a place of its workspace may have one: it asks again. Repeating it does no harm. */
export const placeGivenSignal = defineSignal<[stage: string]>(PLACE_GIVEN);

/** To a lock: somebody wants a place of its group. Asked again under the same id it is answered again. */
export const askPlaceSignal = defineSignal<[ask: GroupAsk]>(ASK_PLACE);
/** To a lock: a place, or the wait for one, is given back. */
export const giveBackPlaceSignal = defineSignal<[id: string]>('giveBackPlace');
/** To a run: what its group says about a place it asked for. */
export const groupNewsSignal = defineSignal<[id: string, news: GroupNews]>('groupNews');
/** Who has and who waits for the places of a group. */
export const groupStateQuery = defineQuery<GroupState>('groupState');
/** A person frees a place. False: nobody has or wants one under that id. */
export const releasePlaceUpdate = defineUpdate<boolean, [id: string]>('releasePlace');

export interface CancelRequest {
  id: string;
  /** Actor id. */
  by: string;
  force: boolean;
}
