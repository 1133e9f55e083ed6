import {
  condition,
  continueAsNew,
  getExternalWorkflowHandle,
  proxyLocalActivities,
  setHandler,
} from '@temporalio/workflow';
import type { Activities } from '#activities/contract.ts';
import type { GroupAsk, GroupMember, GroupState } from '#core/concurrency.ts';
import { runWorkflowId } from '#core/ids.ts';
import {
  askPlaceSignal,
  giveBackPlaceSignal,
  groupNewsSignal,
  groupStateQuery,
  releasePlaceUpdate,
} from '../messages.ts';
import { ask, giveBack, type Told } from './queue.ts';

/** Messages until it begins anew: what it has done is of no use to anybody (ARCHITECTURE §4). */
const MAX_MESSAGES = 1_000;
/** How long somebody waits before it is asked whether those with a place are alive. */
const CHECK_MS = 60_000;
/** After so long without members it ends; the next asking starts another one under the same id. */
const IDLE_MS = 3_600_000;
/** With commits to remember (`skip-older`) it stays longer. */
const REMEMBER_MS = 7 * 86_400_000;

const { findGoneRuns } = proxyLocalActivities<Pick<Activities, 'findGoneRuns'>>({ startToCloseTimeout: '30s' });

type Message = { kind: 'ask'; ask: GroupAsk } | { kind: 'give-back'; id: string };

/**
 * The places of one concurrency group: one workflow for each group of a workspace, the same on a laptop and on a server.
 * Who may have a place when is decided in queue.ts; here it is told, and looked after: a run that has ended without a
 * word gives its places back.
 */
export async function lock(state: GroupState): Promise<void> {
  const inbox: Message[] = [];
  let handled = 0;
  setHandler(askPlaceSignal, (asked) => void inbox.push({ kind: 'ask', ask: asked }));
  setHandler(giveBackPlaceSignal, (id) => void inbox.push({ kind: 'give-back', id }));
  setHandler(groupStateQuery, () => state);
  setHandler(releasePlaceUpdate, (id) => {
    const isThere = [...state.holders, ...state.waiters].some((one) => one.id === id);
    if (isThere) inbox.push({ kind: 'give-back', id });
    return isThere;
  });

  for (;;) {
    const isBusy = state.holders.length + state.waiters.length > 0;
    if (inbox.length === 0 && handled >= MAX_MESSAGES) await continueAsNew<typeof lock>(state);
    const idleMs = state.newest.length > 0 ? REMEMBER_MS : IDLE_MS;
    // While nobody waits, a place that is not given back is in nobody's way.
    const limitMs = state.waiters.length > 0 ? CHECK_MS : isBusy ? REMEMBER_MS : idleMs;
    const hasCome = await condition(() => inbox.length > 0, limitMs, { summary: `group ${state.group}` });
    if (!hasCome) {
      if (!isBusy) return;
      await removeGone();
      continue;
    }
    for (let message = inbox.shift(); message; message = inbox.shift()) {
      handled++;
      await tellAll(message.kind === 'ask' ? ask(state, message.ask) : giveBack(state, message.id));
      // Somebody may have died before anybody waited.
      if (message.kind === 'ask' && state.waiters.length > 0) await removeGone();
    }
  }

  async function removeGone(): Promise<void> {
    const members = [...state.holders, ...state.waiters];
    const gone = await findGoneRuns({ runIds: [...new Set(members.map((one) => one.runId))] });
    for (const member of members) if (gone.includes(member.runId)) await tellAll(giveBack(state, member.id));
  }

  /** Who cannot be told is no more: its place is free again. */
  async function tellAll(told: Told): Promise<void> {
    const unreachable: GroupMember[] = [];
    await Promise.all(
      told.map(async ({ member, news }) => {
        const run = getExternalWorkflowHandle(runWorkflowId(member.runId));
        await run.signal(groupNewsSignal, member.id, news).catch(() => unreachable.push(member));
      }),
    );
    for (const member of unreachable) await tellAll(giveBack(state, member.id));
  }
}
