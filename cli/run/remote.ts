import { join, relative, sep } from 'node:path';
import { problemOf } from '#api/client/problem.ts';
import type { RemoteRunRequest } from '#core/rest-snapshots.ts';
import type { RunObject } from '#core/rest.ts';
import { findDataFolder } from '#engine/places.ts';
import type { Call } from '../call.ts';
import { openServer, placeOf, type ServerSession } from '../context/session.ts';
import { EXIT, type ExitCode } from '../exit.ts';
import { CommandError } from '../fault/command-error.ts';
import { isDirty } from '../file/git-facts.ts';
import type { PipelineFile } from '../file/locate.ts';
import type { Commands } from '../grammar/commands.ts';
import { describeExecutors, describePlan, isSequentialPlan, shapeNodes } from '../live/shape.ts';
import { formatBytes } from '../output/bytes.ts';
import { sayDiagnostics } from '../terminal/say-diagnostics.ts';
import { compileRun } from './prepare.ts';
import { printRunObject } from './run-columns.ts';
import { watchRun } from './watch.ts';

type RunCall = Call<Commands['run']>;

/** Flags whose meaning is on this machine. */
const HERE = ['in-place', 'secret-file', 'approve'] as const;

/** `buildit run --remote`: sends the tree to the server in use and runs the file there. */
export async function runRemotely(call: RunCall, file: PipelineFile): Promise<ExitCode> {
  const { screen, options, environment } = call;
  refuseLocalFlags(call);
  const place = placeOf(call);
  if (place.kind === 'local') {
    throw new CommandError(EXIT.usage, {
      code: 'usage',
      message: '--remote needs a server, and none is in use',
      fix: 'sign in to one: buildit login URL; or use one you have: --context CTX',
    });
  }
  const session = openServer(call, place);
  const compiled = await compileRun(call, file);
  if (!compiled) return EXIT.usage;
  const { plan, source, params, envFile, executor, maxParallel } = compiled;
  const git = compiled.git && { ...compiled.git, dirty: await isDirty(source.root, environment) };
  const snapshot = await session.api().uploadSnapshot({
    ...{ root: source.root, git: options.git, without: [], workspace: place.workspace },
    folder: join(findDataFolder(environment), 'snapshots'),
    onProgress: (left) => screen.trace(`${left} files left to send`),
  });
  for (const notice of snapshot.notices) screen.say(`${screen.paint('yellow', 'note')}  ${notice}\n`);
  const request: RemoteRunRequest = {
    ...{ file: relative(source.root, file.path).replaceAll(sep, '/'), text: file.text, snapshot: snapshot.digest },
    ...{ params, envFile, executor, stages: options.stage, maxParallel, git },
  };
  const run = await startRun(call, session, request, file);
  if (!run) return EXIT.usage;
  const dot = ` ${screen.marks.dot} `;
  const sent = `${snapshot.files} files, ${formatBytes(snapshot.bytes)}`;
  const parts = [describePlan(plan), describeExecutors(plan), sent, `run ${run.label}`];
  const headline = `${screen.paint('bold', plan.pipeline.name)}  ${parts.join(dot)}`;
  if (options.detach || options['no-wait']) {
    screen.say(`${headline}\n`);
    if (call.ui === 'json') await printRunObject(call, run);
    else screen.out(`${run.label}\n`);
    screen.say(`Next: buildit runs watch ${run.label}${dot}buildit cancel ${run.label}\n`);
    return EXIT.done;
  }
  return watchRun({
    ...{ call, session, run, headline, shapes: shapeNodes(plan), isSequential: isSequentialPlan(plan, maxParallel) },
    ...{ approvals: [], isWatching: true },
  });
}

/** Null when the server, which compiles again, has found errors; they are then printed. */
async function startRun(
  { screen }: RunCall,
  { api, place }: ServerSession,
  request: RemoteRunRequest,
  file: PipelineFile,
): Promise<RunObject | null> {
  try {
    return await api().startRemoteRun(place.workspace, request);
  } catch (thrown) {
    const diagnostics = problemOf(thrown)?.diagnostics;
    if (!diagnostics) throw thrown;
    await sayDiagnostics(screen, diagnostics, file);
    return null;
  }
}

function refuseLocalFlags({ options }: RunCall): void {
  const given = HERE.find((name) => (Array.isArray(options[name]) ? options[name].length > 0 : Boolean(options[name])));
  if (given === undefined) return;
  throw new CommandError(EXIT.usage, {
    code: 'usage',
    message: `--${given} has no meaning with --remote`,
    fix:
      given === 'secret-file'
        ? 'a server keeps its secrets itself: buildit secrets set KEY'
        : `leave --${given} out${given === 'approve' ? ', and approve with your own sign-in: buildit approve RUN' : ''}`,
  });
}
