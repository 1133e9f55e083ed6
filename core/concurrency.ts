export const WHEN_BUSY = ['queue', 'replace-pending', 'cancel-running', 'skip-older'] as const;
export type WhenBusy = (typeof WHEN_BUSY)[number];

/** A run or a stage takes one place of a group before it starts and gives it back when it has ended (LANGUAGE §4). */
export interface ConcurrencyRule {
  /** Of the workspace. */
  group: string;
  /** Places of the group; whoever asks last says how many. */
  limit: number;
  whenBusy: WhenBusy;
}

/** Somebody who has or wants a place of a group. */
export interface GroupMember {
  /** Of the asking; asked again under the same id it is the same place. */
  id: string;
  runId: string;
  /** Label of the run: `shop-api#142`. */
  label: string;
  /** Null for the run as a whole. */
  stage: string | null;
  since: string;
  /** Place of its commit on its branch; null when nobody knows it. */
  commit: CommitPlace | null;
}

/**
 * Where a commit stands on its branch: the number of commits along the first parents, so that of two on one branch the
 * one with the smaller number is an ancestor of the other's line.
 */
export interface CommitPlace {
  branch: string;
  position: number;
}

/** What a member asks for: its place in the group's queue, by the rule of its file. */
export interface GroupAsk {
  member: GroupMember;
  limit: number;
  whenBusy: WhenBusy;
}

/** What a group tells one of its members. */
export type GroupNews =
  | { kind: 'given' }
  /** `place` counts from 1; `holders` are those who have the places, as people name them. */
  | { kind: 'waiting'; place: number; of: number; holders: string[] }
  /** Its place, or its wait for one, is over: another one comes instead. */
  | { kind: 'superseded'; by: string; byRun: string };

/** A group as it stands: what the lock workflow keeps, and what people are shown. */
export interface GroupState {
  group: string;
  limit: number;
  holders: GroupMember[];
  /** First come first. */
  waiters: GroupMember[];
  /** The newest commit of each branch that has had a place. */
  newest: (CommitPlace & { label: string; runId: string })[];
}

/** `shop-api#142`, `shop-api#142 deploy`. */
export function nameMember({ label, stage }: Pick<GroupMember, 'label' | 'stage'>): string {
  return stage === null ? label : `${label} ${stage}`;
}

/** A group that nobody has asked for yet. */
export function openGroup(group: string): GroupState {
  return { group, limit: 1, holders: [], waiters: [], newest: [] };
}
