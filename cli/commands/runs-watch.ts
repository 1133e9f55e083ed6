import type { Handler } from '../call.ts';
import { openRun } from '../context/open-run.ts';
import type { Commands } from '../grammar/commands.ts';
import { describeExecutors, describePlan, isSequentialPlan, shapeNodes } from '../live/shape.ts';
import { watchRun } from '../run/watch.ts';

/** `buildit runs watch RUN`: follows a run, from its first line on, until it ends. */
export const handle: Handler<Commands['runs watch']> = async (call) => {
  const { session, api, run } = await openRun(call, call.words[0]);
  const plan = await api.getPlan(run.id);
  const { screen } = call;
  return watchRun({
    call,
    session,
    // From the beginning: every object is newer than nothing.
    run: { ...run, seq: 0 },
    shapes: shapeNodes(plan),
    isSequential: isSequentialPlan(plan, null),
    approvals: [],
    isWatching: true,
    headline: `${screen.paint('bold', run.pipeline.name)}  ${[describePlan(plan), describeExecutors(plan), `run ${run.label}`].join(` ${screen.marks.dot} `)}`,
  });
};
