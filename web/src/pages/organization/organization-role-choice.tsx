import { ORGANIZATION_ROLES, type OrganizationRole } from '#core/permission.ts';
import { Radio } from '../../ui/choice.tsx';

const HINTS: Record<OrganizationRole, string> = {
  owner: 'everything, owners and the end of the organization too',
  admin: 'everything but owners and the end of the organization',
  member: 'sees the organization; rights in workspaces come from roles there',
};

/** Roles of an organization. */
export function OrganizationRoleChoice(props: {
  value: OrganizationRole;
  mayMakeOwners: boolean;
  onChange(role: OrganizationRole): void;
}) {
  const { value, mayMakeOwners, onChange } = props;
  return (
    <fieldset className="flex flex-col gap-2">
      <legend className="mb-1 text-13 font-medium">Role in the organization</legend>
      {ORGANIZATION_ROLES.map((role) => (
        <Radio
          key={role}
          name="organization-role"
          label={role}
          hint={HINTS[role]}
          isChecked={value === role}
          disabledReason={role === 'owner' && !mayMakeOwners ? 'you lack organization:owners' : null}
          onChange={() => onChange(role)}
        />
      ))}
    </fieldset>
  );
}
