import { v7 as createId } from 'uuid';
import type { CommandObject } from '#core/rest.ts';
import { insertCommand, listPendingCommands, settleCommand } from '#db/queries/commands.ts';
import { findRunAnywhere, type RunWithNames } from '#db/queries/find-run.ts';
import { isStuck } from '#db/queries/stuck-run.ts';
import type { CommandRow } from '#db/rows.ts';
import type { ApiContext } from '../context.ts';
import { toProblem, type ProblemError } from '../problem.ts';
import type { RunUpdate, UpdateVerdict } from '../workflows/gateway.ts';
import { cancelStuck } from './cancel-stuck.ts';
import { refuseEnded, toRefusal } from './refusal.ts';

/** How long a caller waits for the workflow's verdict (UI §9). */
const VERDICT_MS = 5_000;
/** How long one try of the background lasts. */
const PATIENCE_MS = 60_000;
/** A run that was just accepted has no workflow yet: asked again this often, ms. */
const PAUSE_MS = 50;

export type Sent = { kind: 'accepted' } | { kind: 'pending'; command: CommandObject };

/**
 * Sends an update to a run's workflow and waits for its verdict. Without one in time the command is kept and sent
 * again in the background, also by the next process, until there is one. Throws the refusal.
 */
export async function sendUpdate(context: ApiContext, run: RunWithNames, update: RunUpdate): Promise<Sent> {
  // A cancel by force does not wait for what will not answer; any other may find that the run goes on again.
  const isHopeless = isForced(update) && isStuck(run.status);
  const verdict: UpdateVerdict = isHopeless
    ? { kind: 'pending' }
    : await findVerdict(context, run.id, update, AbortSignal.timeout(VERDICT_MS));
  const refusal = describeRefusal(verdict, run.label);
  if (refusal) throw refusal;
  if (verdict.kind === 'accepted') return { kind: 'accepted' };
  const command = {
    id: createId(),
    runId: run.id,
    updateId: update.id,
    updateName: update.name,
    updateArguments: update.args,
  };
  await insertCommand(context.database, command);
  if (await tryCancelStuck(context, command)) {
    await settleCommand(context.database, command.id, { state: 'accepted', problem: null });
    return { kind: 'accepted' };
  }
  void settleInBackground(context, command);
  return { kind: 'pending', command: { id: command.id, state: 'pending' } };
}

/** Called once at the start of the process. */
export async function resumeCommands(context: ApiContext): Promise<void> {
  for (const command of await listPendingCommands(context.database)) void settleInBackground(context, command);
}

async function settleInBackground(
  context: ApiContext,
  command: Pick<CommandRow, 'id' | 'runId' | 'updateId' | 'updateName' | 'updateArguments'>,
): Promise<void> {
  const update = { id: command.updateId, name: command.updateName, args: command.updateArguments } as RunUpdate;
  while (!context.closing.aborted) {
    // It may have come to stand still since the command was given.
    const verdict: UpdateVerdict = (await tryCancelStuck(context, command))
      ? { kind: 'accepted' }
      : await findVerdict(context, command.runId, update, createPatience(context)).catch(() => ({ kind: 'pending' }));
    if (verdict.kind === 'pending') {
      await pause(PAUSE_MS * 10);
      continue;
    }
    const refusal = describeRefusal(verdict, 'the run');
    const settled = await settleCommand(context.database, command.id, {
      state: refusal ? 'refused' : 'accepted',
      problem: refusal ? { ...refusal.problem, requestId: command.id } : null,
    }).then(
      () => true,
      () => false,
    );
    if (settled) return;
  }
}

function isForced(update: RunUpdate): boolean {
  return update.name === 'cancelRun' && update.args[0].force;
}

/** Whether the command is done: a run that stands still was cancelled. What is away now is tried again later. */
async function tryCancelStuck(
  context: ApiContext,
  command: Pick<CommandRow, 'runId' | 'updateName'>,
): Promise<boolean> {
  return command.updateName === 'cancelRun' && (await cancelStuck(context, command.runId).catch(() => false));
}

function createPatience(context: ApiContext): AbortSignal {
  return AbortSignal.any([AbortSignal.timeout(PATIENCE_MS), context.closing]);
}

/** Asks until the workflow is there; `absent` is the truth only once the run is over. */
async function findVerdict(
  context: ApiContext,
  runId: string,
  update: RunUpdate,
  signal: AbortSignal,
): Promise<UpdateVerdict> {
  for (;;) {
    const verdict = await askOnce(context, runId, update, signal);
    if (verdict.kind !== 'absent') return verdict;
    const run = await findRunAnywhere(context.database, runId);
    if (!run || run.statusKind === 'ended') return verdict;
    if (signal.aborted) return { kind: 'pending' };
    context.nudgeRelay();
    await pause(PAUSE_MS);
  }
}

/** Temporal being away is no verdict: the command is kept until it is back. */
async function askOnce(
  context: ApiContext,
  runId: string,
  update: RunUpdate,
  signal: AbortSignal,
): Promise<UpdateVerdict> {
  try {
    return await context.workflows.update(runId, update, signal);
  } catch (error) {
    if (toProblem(error).problem.code !== 'temporal-unreachable') throw error;
    return { kind: 'pending' };
  }
}

function describeRefusal(verdict: UpdateVerdict, label: string): ProblemError | null {
  switch (verdict.kind) {
    case 'refused':
      return toRefusal(verdict.code, verdict.message);
    case 'absent':
      return refuseEnded(label);
    case 'accepted':
    case 'pending':
      return null;
    default:
      return verdict satisfies never;
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms).unref());
}
