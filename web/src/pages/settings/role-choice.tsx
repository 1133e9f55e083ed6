import type { WorkspaceAction } from '#core/permission.ts';
import type { RoleObject } from '#core/rest-members.ts';
import { Radio } from '../../ui/choice.tsx';

/** Actions of a role that the person lacks: nobody gives what they do not have. */
export function explainLack(actions: readonly WorkspaceAction[], held: readonly WorkspaceAction[]): string | null {
  const lacked = actions.filter((action) => !held.includes(action));
  return lacked.length === 0 ? null : `you lack ${lacked.join(', ')}`;
}

/** Roles of a workspace, each with what it gives; greyed where the giver lacks some of it. */
export function RoleChoice(props: {
  roles: readonly RoleObject[] | undefined;
  value: string;
  held: readonly WorkspaceAction[];
  onChange(role: string): void;
}) {
  const { roles, value, held, onChange } = props;
  return (
    <fieldset className="flex flex-col gap-2">
      <legend className="mb-1 text-13 font-medium">Role</legend>
      {(roles ?? []).map((role) => (
        <Radio
          key={role.id}
          name="role"
          label={role.name}
          hint={<span className="font-mono">{role.actions.join(' ')}</span>}
          isChecked={value === role.name}
          disabledReason={explainLack(role.actions, held)}
          onChange={() => onChange(role.name)}
        />
      ))}
    </fieldset>
  );
}
