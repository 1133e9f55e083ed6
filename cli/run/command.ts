import type { Handler } from '../call.ts';
import { openSession } from '../engine/session.ts';
import { EXIT } from '../exit.ts';
import { locateFile } from '../file/locate.ts';
import type { Commands } from '../grammar/commands.ts';
import { describeExecutors, describePlan, isSequentialPlan, shapeNodes } from '../live/shape.ts';
import { prepareRun } from './prepare.ts';
import { printRunObject } from './run-columns.ts';
import { watchRun } from './watch.ts';

/** `buildit run [FILE]` */
export const handle: Handler<Commands['run']> = async (call) => {
  const { screen, options, words, folder } = call;
  const file = locateFile(words[0], folder);
  const prepared = await prepareRun(call, file);
  if (!prepared) return EXIT.usage;
  const { plan, request } = prepared;
  screen.trace('compiled, Docker and secrets looked for');
  const session = await openSession(call);
  screen.trace(`engine at ${session.connection.socket}`);
  const run = await session.api().startRun(request);
  screen.trace(`accepted as ${run.id}`);
  const { wasWarm, tookMs } = session.connection;
  const dot = ` ${screen.marks.dot} `;
  const engine = `local engine ${wasWarm ? 'warm' : 'started'} (${formatStart(tookMs)})`;
  screen.say(
    `${screen.paint('bold', plan.pipeline.name)}  ${[describePlan(plan), describeExecutors(plan), engine].join(dot)}\n`,
  );
  for (const notice of run.notices) screen.say(`${screen.paint('yellow', 'note')}  ${notice}\n`);
  if (options.detach) {
    if (call.ui === 'json') await printRunObject(call, run);
    else screen.out(`${run.label}\n`);
    screen.say(`Next: buildit runs watch ${run.label}${dot}buildit cancel ${run.label}\n`);
    return EXIT.done;
  }
  return watchRun({
    call,
    session,
    run,
    shapes: shapeNodes(plan),
    isSequential: isSequentialPlan(plan, request.maxParallel),
    approvals: options.approve,
    isWatching: false,
  });
};

/** `38 ms`, `1.4 s` */
function formatStart(ms: number): string {
  return ms < 1_000 ? `${Math.round(ms)} ms` : `${(ms / 1_000).toFixed(1)} s`;
}
