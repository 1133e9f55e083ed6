import { ORGANIZATION_ROLES, type OrganizationRole } from '#core/permission.ts';
import { checkOneOf } from '../settings.ts';

/** A role of the organization; exit 2 with the nearest for another word. */
export function readRole(written: string): OrganizationRole {
  return checkOneOf('ROLE', written, ORGANIZATION_ROLES) as OrganizationRole;
}

/** The member as the API finds one: `acme/ann` when the organization is known, as a name may be in several. */
export function nameMember(organization: string | null, name: string): string {
  return organization === null || name.includes('/') ? name : `${organization}/${name}`;
}
