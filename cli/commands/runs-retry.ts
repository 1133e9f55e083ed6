import { resolve } from 'node:path';
import type { RerunRequest } from '#core/rest.ts';
import type { Call, Handler } from '../call.ts';
import { openRun } from '../context/open-run.ts';
import { EXIT } from '../exit.ts';
import { CommandError } from '../fault/command-error.ts';
import type { Commands } from '../grammar/commands.ts';
import { describeExecutors, describePlan, isSequentialPlan, shapeNodes } from '../live/shape.ts';
import { printRunObject } from '../run/run-columns.ts';
import { offerSecrets } from '../run/secrets.ts';
import { watchRun } from '../run/watch.ts';

/** `buildit runs retry RUN`: a new attempt of the run with the same plan and source, followed like `run`. */
export const handle: Handler<Commands['runs retry']> = async (call) => {
  const { screen, options, environment, folder } = call;
  const choice = chooseRerun(call);
  const { session, api, run: before } = await openRun(call, call.words[0]);
  const plan = await api.getPlan(before.id);
  const secretFile = options['secret-file'] === null ? null : resolve(folder, options['secret-file']);
  const isHere = session.place.kind === 'local';
  if (!isHere && secretFile !== null) throw refuseSecretFile();
  const run = await api.rerun(before.id, {
    ...choice,
    ...(options.shell ? { shell: true } : {}),
    ...(secretFile === null ? {} : { secretFile }),
    // A server has the values of its secrets; none of this machine leaves it.
    ...(isHere ? { secrets: offerSecrets(plan.secrets, secretFile, environment) } : {}),
  });
  const dot = ` ${screen.marks.dot} `;
  screen.say(
    `${screen.paint('bold', run.pipeline.name)}  ${[describePlan(plan), describeExecutors(plan), `again from ${before.label}`].join(dot)}\n`,
  );
  if (options['no-wait']) {
    if (call.ui === 'json') await printRunObject(call, run);
    else screen.out(`${run.label}\n`);
    return EXIT.done;
  }
  return watchRun({
    call,
    session,
    run,
    shapes: shapeNodes(plan),
    isSequential: isSequentialPlan(plan, null),
    approvals: [],
    isWatching: !isHere,
  });
};

function refuseSecretFile(): CommandError {
  return new CommandError(EXIT.usage, {
    code: 'usage',
    message: '--secret-file is for runs of this machine',
    fix: 'a server keeps its secrets itself: buildit secrets set KEY',
  });
}

function chooseRerun({ options }: Call<Commands['runs retry']>): RerunRequest {
  const chosen: RerunRequest[] = [];
  if (options.failed) chosen.push({ kind: 'failed' });
  if (options.all) chosen.push({ kind: 'all' });
  if (options.from !== null) chosen.push({ kind: 'stage', name: options.from });
  if (options.leg !== null) chosen.push({ kind: 'leg', name: options.leg });
  if (chosen.length > 1) {
    throw new CommandError(EXIT.usage, {
      code: 'usage',
      message: 'only one of --failed, --from, --leg and --all can be meant',
      fix: 'leave all but one out',
    });
  }
  return chosen[0] ?? { kind: 'failed' };
}
