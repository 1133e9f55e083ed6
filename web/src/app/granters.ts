import {
  ACTION_MEANINGS,
  isWorkspaceAction,
  leastRoleFor,
  ORGANIZATION_ROLE_ACTIONS,
  type Action,
} from '#core/permission.ts';
import type { MemberObject, WorkspaceMemberObject } from '#core/rest-members.ts';

const MOST = 5;

/**
 * Names of those who can give a right: owners and admins, of a workspace's right also who manages its members. Nobody
 * grants what they lack.
 */
export function listGranters(
  right: Action,
  members: readonly Pick<MemberObject, 'user' | 'role'>[],
  bindings: readonly Pick<WorkspaceMemberObject, 'principal' | 'actions'>[],
): string[] {
  const ofOrganization = members.filter(({ role }) => {
    const actions = ORGANIZATION_ROLE_ACTIONS[role];
    if (!actions.includes('organization:members')) return false;
    return isWorkspaceAction(right) || (actions as readonly Action[]).includes(right);
  });
  const ofWorkspace = isWorkspaceAction(right)
    ? bindings.filter(({ actions }) => actions.includes('member:admin') && actions.includes(right))
    : [];
  const names = [
    ...ofWorkspace.map(({ principal }) =>
      principal.startsWith('user:') ? principal.slice('user:'.length) : principal,
    ),
    ...ofOrganization.map(({ user }) => user.name),
  ];
  const distinct = [...new Set(names)];
  return distinct.length > MOST ? [...distinct.slice(0, MOST), `${distinct.length - MOST} more`] : distinct;
}

/** What somebody writes to those who can give it. */
export function writeRequest(wish: { right: Action; where: string; from: string; address: string }): string {
  const { right, where, from, address } = wish;
  return [
    `Please give me the right ${right} in ${where}: to ${ACTION_MEANINGS[right]}.`,
    `The least role that has it is ${leastRoleFor(right)}.`,
    `I needed it at ${address}`,
    from,
  ].join('\n');
}
