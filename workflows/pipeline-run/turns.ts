import { CancellationScope, condition, getExternalWorkflowHandle } from '@temporalio/workflow';
import type { Reason } from '#core/attempt.ts';
import type { ConcurrencyRule, GroupNews } from '#core/concurrency.ts';
import type { HeldTurns } from '#core/continued-run.ts';
import type { RunInput } from '#core/run.ts';
import { giveBackPlaceSignal } from '../messages.ts';
import { local } from './activities.ts';
import { nowIso } from './self.ts';

/** A place of a concurrency group, or why there is none. */
export type Turn = { kind: 'given'; id: string } | { kind: 'superseded'; reason: Reason };

export interface TurnListener {
  /** It waits; told again when what it waits for has changed. */
  onWaiting(reason: Reason): void;
  /** It has the place and is to make room. */
  onSuperseded(reason: Reason): void;
}

/** Places of concurrency groups that this run and its stages have or want. */
export interface Turns {
  /** News of a group, from its lock. */
  hear(id: string, news: GroupNews): void;
  /**
   * Asks for a place and waits for it. A cancel of the caller's scope ends the wait: then nothing is asked for any more.
   */
  take(rule: ConcurrencyRule, stage: string | null, listener: TurnListener): Promise<Turn>;
  giveBack(id: string): Promise<void>;
  giveBackAll(): Promise<void>;
  /** Places that the run itself has, while no stage of it wants one. */
  readonly held: HeldTurns;
  /** Takes over what an earlier execution had. */
  restore(held: HeldTurns, listener: TurnListener): void;
}

interface Asked {
  lock: string;
  rule: ConcurrencyRule;
  news: GroupNews | null;
  listener: TurnListener;
}

export function openTurns(input: RunInput): Turns {
  const asked = new Map<string, Asked>();
  let count = 0;

  async function giveBack(id: string): Promise<void> {
    const one = asked.get(id);
    if (!asked.delete(id) || !one) return;
    // A lock that is gone has nothing to be given back to.
    await CancellationScope.nonCancellable(() =>
      getExternalWorkflowHandle(one.lock).signal(giveBackPlaceSignal, id),
    ).catch(() => {});
  }

  return {
    hear(id, news) {
      const one = asked.get(id);
      if (!one) return;
      const isHeld = one.news?.kind === 'given';
      if (news.kind === 'superseded' && isHeld) one.listener.onSuperseded(describeSuperseded(one.rule, news));
      if (isHeld) return;
      one.news = news;
      if (news.kind === 'waiting') one.listener.onWaiting(describeWait(one.rule, news));
    },
    async take(rule, stage, listener) {
      const id = `${input.runId}:${stage ?? ''}:${++count}`;
      const commit = input.commit ?? null;
      const member = { id, runId: input.runId, label: input.run.label, stage, since: nowIso(), commit };
      const one: Asked = { lock: '', rule, news: null, listener };
      asked.set(id, one);
      const { workspace } = input;
      const { group, limit, whenBusy } = rule;
      const place = { workspace, group, ask: { member, limit, whenBusy } };
      const { lock } = await CancellationScope.nonCancellable(() => local.askPlace(place));
      one.lock = lock;
      try {
        await condition(() => isSettled(one.news));
      } catch (error) {
        await giveBack(id);
        throw error;
      }
      const { news } = one;
      if (news?.kind !== 'superseded') return { kind: 'given', id };
      asked.delete(id);
      return { kind: 'superseded', reason: describeSuperseded(rule, news) };
    },
    giveBack,
    async giveBackAll() {
      for (const id of [...asked.keys()]) await giveBack(id);
    },
    get held() {
      return { count, places: [...asked].map(([id, { lock, rule }]) => ({ id, lock, rule })) };
    },
    restore(held, listener) {
      count = held.count;
      for (const { id, ...place } of held.places) asked.set(id, { ...place, news: { kind: 'given' }, listener });
    },
  };
}

function isSettled(news: GroupNews | null): boolean {
  return news !== null && news.kind !== 'waiting';
}

function describeWait(
  { group }: ConcurrencyRule,
  { place, of, holders }: Extract<GroupNews, { kind: 'waiting' }>,
): Reason {
  const shown = holders.slice(0, 3).join(', ') + (holders.length > 3 ? ', …' : '');
  const line = of > 1 ? `, ${place}. of ${of} who wait` : '';
  return {
    code: 'concurrency',
    message: `waits for its turn in "${group}": ${shown} ${holders.length === 1 ? 'has the place' : 'have the places'}${line}`,
    values: { group, place: String(place), of: String(of), holders: holders.join(', ') },
  };
}

function describeSuperseded({ group }: ConcurrencyRule, news: Extract<GroupNews, { kind: 'superseded' }>): Reason {
  const { by, byRun } = news;
  return { code: 'superseded', message: `superseded by ${by} in "${group}"`, values: { by, byRun, group } };
}
