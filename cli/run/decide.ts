import type { DecisionRequest, GateObject, RunObject } from '#core/rest.ts';
import type { AnyCall } from '../call.ts';
import { openRun } from '../context/open-run.ts';
import { EXIT, type ExitCode } from '../exit.ts';
import { CommandError } from '../fault/command-error.ts';
import { findNearest } from '../grammar/nearest.ts';
import { isAsking } from '../live/view.ts';
import { printObjects } from '../output/print.ts';
import { describeGate, listApproveCommands } from './gate-talk.ts';
import { settleCommand } from './settle-command.ts';

/** What `approve` and `reject` share: find the gate, send the decision, say what it changed. */
export async function decideGate(
  call: AnyCall,
  request: Omit<DecisionRequest, 'as'>,
  as: string | null,
): Promise<ExitCode> {
  checkActor(as);
  const { screen, words } = call;
  const { session, api, run } = await openRun(call, words[0]);
  if (as !== null && session.place.kind === 'server') {
    throw new CommandError(EXIT.usage, {
      code: 'as-local-only',
      message: '--as decides for other people in runs of this machine only',
      fix: 'leave --as out: on a server everybody decides with their own sign-in',
    });
  }
  const gate = chooseGate(await api.listGates(run.id), words[1] ?? null, run);
  const answer = await api.decide(gate.id, { ...request, ...(as === null ? {} : { as }), expectedSeq: gate.seq });
  const verdict = await settleCommand(call, api, answer);
  const after = (await api.listGates(run.id)).find(({ id }) => id === gate.id) ?? gate;
  if (call.ui === 'json') {
    const print = { format: call.format, fields: call.options.fields, 'no-headers': call.options['no-headers'] };
    await printObjects(screen, { items: [after], columns: [], nameOf: ({ name }) => name, isList: false }, print);
    return EXIT.done;
  }
  if (verdict === 'pending') screen.say(`The decision on ${gate.name} is on its way.\n`);
  else if (isAsking(after)) {
    screen.say(`Counted. ${describeGate(after, screen)}\n`);
    screen.say(
      `Next: ${listApproveCommands(run.label, after, session.place.kind === 'local').join(` ${screen.marks.dot} `)}\n`,
    );
  } else {
    screen.say(`${gate.name} of ${run.label} is ${request.verdict === 'approve' ? 'approved' : 'rejected'}.\n`);
    screen.say(`Next: buildit runs watch ${run.label}\n`);
  }
  return EXIT.done;
}

function chooseGate(gates: readonly GateObject[], name: string | null, run: RunObject): GateObject {
  if (name !== null) {
    const found = gates.find((gate) => gate.name === name);
    if (found) return found;
    const near = findNearest(
      name,
      gates.map((gate) => gate.name),
    );
    throw new CommandError(EXIT.notFound, {
      code: 'gate-unknown',
      message: `${run.label} has no gate "${name}"`,
      fix: near !== null ? `did you mean "${near}"?` : listNames(gates),
    });
  }
  const [first, ...others] = gates.filter(isAsking);
  if (!first) {
    throw new CommandError(EXIT.conflict, {
      code: 'gate-not-open',
      message: `no gate of ${run.label} asks for a decision now`,
      fix: `buildit runs show ${run.label} says what it waits for`,
    });
  }
  if (others.length > 0) {
    throw new CommandError(EXIT.usage, {
      code: 'usage',
      message: `${others.length + 1} gates of ${run.label} ask for a decision`,
      fix: `name one: ${[first, ...others].map((gate) => gate.name).join(', ')}`,
    });
  }
  return first;
}

function listNames(gates: readonly GateObject[]): string {
  return gates.length === 0 ? 'it has no gate at all' : `its gates: ${gates.map(({ name }) => name).join(', ')}`;
}

function checkActor(as: string | null): void {
  if (as === null || /^user:[^/\s]+$|^team:[^/\s]+\/[^/\s]+$/.test(as)) return;
  throw new CommandError(EXIT.usage, {
    code: 'usage',
    message: `--as needs user:NAME or team:T/NAME, not "${as}"`,
    fix: 'for example --as user:ann or --as team:sre/ann',
  });
}
