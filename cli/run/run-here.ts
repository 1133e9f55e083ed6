import { problemOf } from '#api/client/problem.ts';
import type { RunObject, StartRunRequest } from '#core/rest.ts';
import type { WaitingSupervisor } from '#engine/start-supervisor.ts';
import type { AnyCall, Call } from '../call.ts';
import type { Session } from '../context/session.ts';
import { openEngine } from '../engine/session.ts';
import { EXIT, type ExitCode } from '../exit.ts';
import type { PipelineFile } from '../file/locate.ts';
import type { Commands } from '../grammar/commands.ts';
import { describeExecutors, describePlan, isSequentialPlan, shapeNodes } from '../live/shape.ts';
import { sayDiagnostics } from '../terminal/say-diagnostics.ts';
import { prepareRun } from './prepare.ts';
import type { Repeating } from './repeat.ts';
import { printRunObject } from './run-columns.ts';
import { watchRun } from './watch.ts';

/** One run of the file on this machine. */
export async function runHere(
  call: Call<Commands['run']>,
  file: PipelineFile,
  repeating: Repeating | null,
  supervisor: WaitingSupervisor | null,
): Promise<ExitCode> {
  const { screen, options } = call;
  const prepared = await prepareRun(call, file);
  if (!prepared) return EXIT.usage;
  const { plan, request } = prepared;
  screen.trace('compiled, Docker and secrets looked for');
  const session = await openEngine(call, supervisor);
  screen.trace(`engine at ${session.connection.socket}`);
  const run = await startRun(call, session, request, file);
  if (!run) return EXIT.usage;
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
    ...(repeating ? { repeating } : {}),
  });
}

/** Null when the engine, which compiles again with all facts, has found errors; they are then printed. */
async function startRun(
  { screen }: Pick<AnyCall, 'screen'>,
  session: Session,
  request: StartRunRequest,
  file: PipelineFile,
): Promise<RunObject | null> {
  try {
    return await session.api().startRun(request);
  } catch (thrown) {
    const diagnostics = problemOf(thrown)?.diagnostics;
    if (!diagnostics) throw thrown;
    await sayDiagnostics(screen, diagnostics, file);
    return null;
  }
}

/** `38 ms`, `1.4 s` */
function formatStart(ms: number): string {
  return ms < 1_000 ? `${Math.round(ms)} ms` : `${(ms / 1_000).toFixed(1)} s`;
}
