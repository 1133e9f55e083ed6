import { createHash } from 'node:crypto';
import type { Principal } from '../access/principal.ts';
import type { Call } from '../route.ts';
import type { ChangeHub } from './hub.ts';
import { shareReads, type SharedReads } from './shared-reads.ts';
import type { StreamReader } from './source.ts';

/** One a hub: what it tells of is what makes a shared answer old. */
const shared = new WeakMap<ChangeHub, SharedReads>();

/** The reader of one stream; it shares its reads with streams of the same person and rights. */
export function openReader(hub: ChangeHub, { principal, data }: Pick<Call, 'principal' | 'data'>): StreamReader {
  const reads = shared.get(hub) ?? shareReads(hub);
  shared.set(hub, reads);
  const mark = describeRights(principal);
  return { principal, data, share: (key, rings, read) => reads.read(`${mark} ${key}`, rings, read) };
}

/** Equal for equal rights of the same caller; short, as each open stream keeps it. */
export function describeRights(principal: Principal): string {
  const rights = principal.organizations.map(({ id, actions, teams, workspaces }) => [
    ...[id, [...actions].toSorted(), [...teams].toSorted()],
    workspaces.map((workspace) => [workspace.id, [...workspace.actions].toSorted()]),
  ]);
  const text = JSON.stringify([principal.callerId, principal.actor, principal.isOperator, rights]);
  return createHash('sha256').update(text).digest('base64url');
}
