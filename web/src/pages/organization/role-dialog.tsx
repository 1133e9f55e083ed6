import { useState } from 'react';
import { ACTION_MEANINGS, WORKSPACE_ACTIONS, type WorkspaceAction } from '#core/permission.ts';
import type { RoleObject } from '#core/rest-members.ts';
import { write } from '../../data/http.ts';
import { useMe } from '../../data/me.ts';
import { useSubmit } from '../../data/use-submit.ts';
import { Checkbox } from '../../ui/choice.tsx';
import { TextField } from '../../ui/field.tsx';
import { FormDialog } from '../../ui/form-dialog.tsx';
import { showToast } from '../../ui/toast.tsx';
import { listHeldEverywhere } from './held-everywhere.ts';

/** Puts a role together of rights that its maker has in every workspace. */
export function RoleDialog(props: { subject: { organization: string; role?: RoleObject }; onClose(): void }) {
  const { subject, onClose } = props;
  const { organization, role } = subject;
  const { data: me } = useMe();
  const held = listHeldEverywhere(me, organization);
  const [name, setName] = useState(role?.name ?? '');
  const [actions, setActions] = useState<readonly WorkspaceAction[]>(role?.actions ?? ['run:read']);
  const form = useSubmit(
    async (key) => {
      if (role) await write('PATCH', `roles/${role.id}`, { actions }, { key, ifMatch: `"${role.version}"` });
      else await write('POST', 'roles', { name, actions }, { key, query: { organization } });
      showToast({ kind: 'done', text: `The role ${name} is saved` });
      onClose();
    },
    ['roles'],
  );
  return (
    <FormDialog
      title={role ? `Role ${role.name}` : 'New role'}
      verb={role ? 'Save role' : 'Make role'}
      form={form}
      disabledReason={name === '' ? 'it needs a name' : actions.length === 0 ? 'it needs a right' : null}
      onClose={onClose}
    >
      {role ? (
        <p className="text-13 text-2">What is changed holds at once for everybody who has the role.</p>
      ) : (
        <TextField
          label="Name"
          value={name}
          autoComplete="off"
          spellCheck={false}
          hint="a-z, 0-9 and -"
          onChange={(event) => setName(event.target.value)}
        />
      )}
      <fieldset className="flex flex-col gap-1.5">
        <legend className="mb-1 text-13 font-medium">Rights</legend>
        {WORKSPACE_ACTIONS.map((action) => (
          <Checkbox
            key={action}
            label={<code className="font-mono text-12">{action}</code>}
            hint={ACTION_MEANINGS[action]}
            isChecked={actions.includes(action)}
            disabledReason={held.includes(action) ? null : `you lack ${action} in some workspace`}
            onChange={(isOn) =>
              setActions((old) => WORKSPACE_ACTIONS.filter((one) => (one === action ? isOn : old.includes(one))))
            }
          />
        ))}
      </fieldset>
    </FormDialog>
  );
}
