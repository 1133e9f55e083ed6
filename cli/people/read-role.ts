import { ORGANIZATION_ROLES, WORKSPACE_ROLES, type OrganizationRole } from '#core/permission.ts';
import { describeMe } from '../context/show-me.ts';
import { EXIT } from '../exit.ts';
import { CommandError } from '../fault/command-error.ts';
import { findNearest } from '../grammar/nearest.ts';

/** A role of the organization, or one in a workspace: a preset, or a name the organization made itself. */
export type WrittenRole = { kind: 'organization'; role: OrganizationRole } | { kind: 'workspace'; role: string };

/** Exit 2 for a word that is nearly one of ours: own roles have any name, and a slip is not to be taken for one. */
export function readRole(written: string): WrittenRole {
  const role = ORGANIZATION_ROLES.find((each) => each === written);
  if (role) return { kind: 'organization', role };
  if ((WORKSPACE_ROLES as readonly string[]).includes(written)) return { kind: 'workspace', role: written };
  const near = findNearest(written, [...ORGANIZATION_ROLES, ...WORKSPACE_ROLES]);
  if (near === null) return { kind: 'workspace', role: written };
  throw new CommandError(EXIT.usage, {
    code: 'usage',
    message: `there is no role "${written}"`,
    fix: `did you mean "${near}"?`,
  });
}

/** The workspace in use, or the only one; exit 2 when there are several. */
export async function requireWorkspace(
  workspace: string | null,
  getMe: () => Promise<Parameters<typeof describeMe>[0]>,
): Promise<string> {
  if (workspace !== null) return workspace;
  const [only, ...more] = describeMe(await getMe());
  if (only !== undefined && more.length === 0) return only;
  throw new CommandError(EXIT.usage, {
    code: 'usage',
    message: 'a role like this is in a workspace, and it is not clear in which',
    fix: 'say --workspace O/W',
  });
}

/** The member as the API finds one: `acme/ann` when the organization is known, as a name may be in several. */
export function nameMember(organization: string | null, name: string): string {
  return organization === null || name.includes('/') ? name : `${organization}/${name}`;
}
