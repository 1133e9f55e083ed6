import type { AuditEventObject } from '#core/rest-audit.ts';
import type { MemberObject, WorkspaceMemberObject } from '#core/rest-members.ts';
import type { TokenObject } from '#core/rest-sign-in.ts';
import { formatMoment } from '../output/moment.ts';
import type { Column } from '../output/table.ts';

export const TOKEN_COLUMNS: readonly Column<TokenObject>[] = [
  { header: 'token', valueOf: ({ name }) => name },
  { header: 'of', valueOf: ({ workspace, organization }) => workspace ?? organization },
  { header: 'expires', valueOf: ({ expiresAt }) => formatMoment(expiresAt) },
  { header: 'last used', valueOf: ({ lastUsedAt }) => formatMoment(lastUsedAt) },
  { header: 'made by', valueOf: ({ createdBy }) => createdBy },
  { header: 'hint', valueOf: ({ hint }) => hint },
  { header: 'scopes', valueOf: ({ scopes }) => scopes.join(' '), shorten: 'end' },
];

export const MEMBER_COLUMNS: readonly Column<MemberObject>[] = [
  { header: 'name', valueOf: ({ user }) => user.name },
  { header: 'role', valueOf: ({ role }) => role },
  { header: 'shown as', valueOf: ({ user }) => user.displayName, shorten: 'end' },
  { header: 'e-mail', valueOf: ({ user }) => user.email ?? '', shorten: 'middle' },
  { header: 'last seen', valueOf: ({ lastSeenAt }) => formatMoment(lastSeenAt) },
  { header: 'teams', valueOf: ({ teams }) => teams.join(' '), shorten: 'end' },
  {
    header: 'workspaces',
    valueOf: ({ workspaces }) => workspaces.map(({ workspace, role }) => `${workspace}:${role}`).join(' '),
    shorten: 'end',
  },
];

export const WORKSPACE_MEMBER_COLUMNS: readonly Column<WorkspaceMemberObject>[] = [
  { header: 'member', valueOf: ({ principal }) => principal },
  { header: 'workspace', valueOf: ({ workspace }) => workspace },
  { header: 'role', valueOf: ({ role }) => role },
];

export const AUDIT_COLUMNS: readonly Column<AuditEventObject>[] = [
  { header: 'at', valueOf: ({ at }) => formatMoment(at) },
  { header: 'actor', valueOf: ({ actor }) => actor },
  { header: 'action', valueOf: ({ action }) => action },
  {
    header: 'verdict',
    valueOf: ({ verdict, code }) => (code === null ? verdict : `${verdict} (${code})`),
    style: ({ verdict }) => (verdict === 'done' ? null : 'red'),
  },
  { header: 'object', valueOf: ({ object }) => `${object.kind} ${object.name}`, shorten: 'middle' },
  { header: 'workspace', valueOf: ({ workspace, organization }) => workspace ?? organization, shorten: 'middle' },
  { header: 'from', valueOf: ({ address }) => address },
  { header: 'seq', valueOf: ({ seq }) => String(seq), align: 'right' },
];
