import {
  nameMember,
  type CommitPlace,
  type GroupAsk,
  type GroupMember,
  type GroupNews,
  type GroupState,
} from '#core/concurrency.ts';

/** Who is to be told what, in this order. */
export type Told = { member: GroupMember; news: GroupNews }[];

/**
 * Takes in an asking: the rules of `when-busy` (LANGUAGE §4). Pure, and the only place where they stand. What is asked
 * again is answered again.
 */
export function ask(state: GroupState, { member, limit, whenBusy }: GroupAsk): Told {
  state.limit = limit;
  if (state.holders.some((one) => one.id === member.id)) return [{ member, news: { kind: 'given' } }];
  if (state.waiters.some((one) => one.id === member.id)) return tellWaiters(state);
  const told: Told = [];
  const supersede = (who: (one: GroupMember) => boolean) => {
    for (const one of state.waiters.filter(who)) told.push({ member: one, news: describeSuperseded(member) });
    state.waiters = state.waiters.filter((one) => !who(one));
  };
  switch (whenBusy) {
    case 'queue':
      break;
    case 'replace-pending':
      supersede(() => true);
      break;
    case 'cancel-running': {
      supersede(() => true);
      // Those who came first go first; their places are free when they have given them back.
      const leaving = state.holders.slice(0, Math.max(0, state.holders.length - limit + 1));
      for (const one of leaving) told.push({ member: one, news: describeSuperseded(member) });
      break;
    }
    case 'skip-older': {
      const newer = findNewer(state, member);
      if (newer) return [{ member, news: describeSuperseded(newer) }];
      supersede((one) => isOlder(one.commit, member.commit));
      break;
    }
    default:
      whenBusy satisfies never;
  }
  state.waiters.push(member);
  return [...told, ...pump(state)];
}

/** A place, or a wait for one, is given back. Unknown ones change nothing. */
export function giveBack(state: GroupState, id: string): Told {
  const isThere = [...state.holders, ...state.waiters].some((one) => one.id === id);
  if (!isThere) return [];
  state.holders = state.holders.filter((one) => one.id !== id);
  state.waiters = state.waiters.filter((one) => one.id !== id);
  return pump(state);
}

function pump(state: GroupState): Told {
  const told: Told = [];
  while (state.holders.length < state.limit) {
    const member = state.waiters.shift();
    if (!member) break;
    state.holders.push(member);
    noteNewest(state, member);
    told.push({ member, news: { kind: 'given' } });
  }
  return [...told, ...tellWaiters(state)];
}

function tellWaiters(state: GroupState): Told {
  const holders = state.holders.map(nameMember);
  const of = state.waiters.length;
  return state.waiters.map((member, index) => ({ member, news: { kind: 'waiting', place: index + 1, of, holders } }));
}

function describeSuperseded(by: Pick<GroupMember, 'label' | 'stage' | 'runId'>): GroupNews {
  return { kind: 'superseded', by: nameMember(by), byRun: by.runId };
}

/** A member, or one that has been, with a later commit of the same branch. */
function findNewer(state: GroupState, { commit }: GroupMember): Pick<GroupMember, 'label' | 'stage' | 'runId'> | null {
  const member = [...state.holders, ...state.waiters].find((one) => isOlder(commit, one.commit));
  const past = state.newest.find((one) => isOlder(commit, one));
  return member ?? (past ? { ...past, stage: null } : null);
}

/** Of commits of two branches, or whose place nobody knows, none is older. */
function isOlder(one: CommitPlace | null, other: CommitPlace | null): boolean {
  return one !== null && other !== null && one.branch === other.branch && one.position < other.position;
}

/** Branches that are remembered; the longest not used goes first. */
const MAX_BRANCHES = 100;

function noteNewest(state: GroupState, { commit, label, runId }: GroupMember): void {
  if (commit === null) return;
  const known = state.newest.find((one) => one.branch === commit.branch);
  const newest = known && isOlder(commit, known) ? known : { ...commit, label, runId };
  state.newest = [...state.newest.filter((one) => one.branch !== commit.branch), newest].slice(-MAX_BRANCHES);
}
