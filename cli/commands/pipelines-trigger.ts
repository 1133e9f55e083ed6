import type { Handler } from '../call.ts';
import { workspaceOf } from '../context/place.ts';
import { openSession } from '../context/session.ts';
import { EXIT } from '../exit.ts';
import type { Commands } from '../grammar/commands.ts';
import { describeExecutors, describePlan, isSequentialPlan, shapeNodes } from '../live/shape.ts';
import { splitPairs } from '../run/pairs.ts';
import { printRunObject } from '../run/run-columns.ts';
import { watchRun } from '../run/watch.ts';

/** `buildit pipelines trigger NAME`: prints the run's name, or follows it. */
export const handle: Handler<Commands['pipelines trigger']> = async (call) => {
  const { screen, options, words } = call;
  const session = await openSession(call);
  const api = session.api();
  const run = await api.triggerRun(
    { pipeline: words[0] ?? '', workspace: workspaceOf(session.place) },
    {
      ...(options.branch === null ? {} : { branch: options.branch }),
      ...(options.param.length === 0 ? {} : { params: splitPairs('--param', options.param) }),
    },
  );
  for (const notice of run.notices) screen.say(`${screen.paint('yellow', 'note')}  ${notice}\n`);
  const dot = ` ${screen.marks.dot} `;
  if (!options.follow || options['no-wait']) {
    if (call.ui === 'json') await printRunObject(call, run);
    else screen.out(`${run.label}\n`);
    screen.say(`Next: buildit runs watch ${run.label}${dot}buildit cancel ${run.label}\n`);
    return EXIT.done;
  }
  const plan = await api.getPlan(run.id);
  const parts = [describePlan(plan), describeExecutors(plan), `run ${run.label}`];
  return watchRun({
    ...{ call, session, run, shapes: shapeNodes(plan), isSequential: isSequentialPlan(plan, null) },
    ...{ approvals: [], isWatching: true, headline: `${screen.paint('bold', run.pipeline.name)}  ${parts.join(dot)}` },
  });
};
