import { CancellationScope, condition, workflowInfo } from '@temporalio/workflow';
import type { OutlineStage } from '#core/outline.ts';
import { hasPatch } from '../patches.ts';

/** Below the 4,096 events at which Temporal asks for it, with some for the end of the execution. */
const MAX_EVENTS = 3_900;
/** What a stage that executes may still add. More stages at once than there is room for are never started. */
const EVENTS_TO_COME = 8;
/** With more than this left, who has no room waits for others to end, not for the next execution. */
const MUCH_LEFT = 2_000;
/** Events after which it is tried again when what executed did not end in time. */
const NEXT_TRY = 1_000;
/** How long what executes is waited for: a tenth of the time this execution has taken, and at least this, ms. */
const MIN_PATIENCE_MS = 15_000;

/** When the run goes on in a new execution of its workflow, since the history of this one has become long. */
export interface Continuation {
  /** Whether a stage may begin to execute here. With a no it waits for the next execution. */
  mayStart(stage: OutlineStage, executing: number): boolean;
  /** Stages wait for the next execution. */
  readonly isComing: boolean;
  /** It does not come now: stages may start again. */
  giveUp(): void;
}

interface Moment {
  /** Everything is on record, and nothing of the run is under way but stages that wait for a place among its own. */
  isQuiet(): boolean;
  /** The run is paused, stopped or at its last stages: it goes on here. */
  isHindered(): boolean;
  /** It is quiet: the next execution takes over. */
  onContinue(): void;
  /** It does not continue now: stages may start again. */
  onGivenUp(): void;
}

/**
 * A run continues at a moment when nothing of it executes. Stages that would start are held back for it, but no longer
 * than a tenth of the time that went by: one long stage must not keep all others waiting.
 */
export function awaitContinuation(moment: Moment): Continuation {
  const beganAt = Date.now();
  let isComing = false;
  let maxEvents = MAX_EVENTS;
  /** What the server suggests counts from here on. */
  let heardFrom = 0;

  async function wait(): Promise<void> {
    const until = Date.now() + Math.max(MIN_PATIENCE_MS, Math.floor((Date.now() - beganAt) / 10));
    const isOver = () => moment.isQuiet() || moment.isHindered();
    while (!moment.isHindered() && Date.now() < until) {
      await condition(isOver, until - Date.now(), { summary: 'until nothing executes, to go on in a new history' });
      // Asked again: who made it quiet may have begun something since.
      if (moment.isQuiet() && !moment.isHindered()) return moment.onContinue();
    }
    giveUp();
  }

  function giveUp(): void {
    isComing = false;
    heardFrom = workflowInfo().historyLength + NEXT_TRY;
    maxEvents = Math.max(maxEvents, heardFrom) + NEXT_TRY;
    moment.onGivenUp();
  }

  return {
    mayStart(stage, executing) {
      if (isComing) return !isPlain(stage);
      const { historyLength, continueAsNewSuggested } = workflowInfo();
      const isSuggested = continueAsNewSuggested && historyLength >= heardFrom;
      const hasRoom = historyLength + EVENTS_TO_COME * (executing + 1) <= maxEvents;
      if ((hasRoom && !isSuggested) || moment.isHindered() || !hasPatch('continues-as-new')) return true;
      if (isSuggested || historyLength > maxEvents - MUCH_LEFT) {
        isComing = true;
        // Whoever asked may be stopped meanwhile.
        void CancellationScope.nonCancellable(wait);
      }
      return !isPlain(stage);
    },
    giveUp,
    get isComing() {
      return isComing;
    },
  };
}

/** Whether it has done nothing yet that it would do again: no gate was passed, no place of a group taken. */
function isPlain(stage: OutlineStage): boolean {
  return stage.gate === null && stage.environment === undefined && stage.concurrency === undefined;
}
