import { useState } from 'react';
import type { OrganizationRole } from '#core/permission.ts';
import type { NewInvitationObject, RoleObject } from '#core/rest-members.ts';
import { write } from '../../data/http.ts';
import { listWorkspaces, useMe } from '../../data/me.ts';
import { useList } from '../../data/use-list.ts';
import { useSubmit } from '../../data/use-submit.ts';
import { SelectField, TextField } from '../../ui/field.tsx';
import { FormDialog } from '../../ui/form-dialog.tsx';
import { RoleChoice } from '../settings/role-choice.tsx';
import { ShownOnce } from '../settings/shown-once.tsx';
import type { OrganizationPlace } from './in-organization.tsx';
import { OrganizationRoleChoice } from './organization-role-choice.tsx';

/** Invites somebody by e-mail address; the link that lets them in is shown once. */
export function InviteDialog({ place, onClose }: { place: OrganizationPlace; onClose(): void }) {
  const [email, setEmail] = useState('');
  const [role, setRole] = useState<OrganizationRole>('member');
  const [workspace, setWorkspace] = useState('');
  const [workspaceRole, setWorkspaceRole] = useState('developer');
  const [made, setMade] = useState<NewInvitationObject | null>(null);
  const { data: me } = useMe();
  const workspaces = me ? listWorkspaces(me).filter(({ organization }) => organization === place.name) : [];
  const chosen = workspaces.find(({ path }) => path === workspace);
  const roles = useList<RoleObject>('roles', { organization: place.name }, workspace !== '');
  const form = useSubmit(
    async (key) => {
      const body = {
        ...{ email, role },
        ...(workspace === '' ? {} : { workspaces: [{ workspace, role: workspaceRole }] }),
      };
      const query = { organization: place.name };
      setMade((await write<NewInvitationObject>('POST', 'invitations', body, { key, query })).body);
    },
    ['invitations'],
  );
  if (made) {
    return (
      <ShownOnce title={`Invitation of ${made.email}`} text={made.link} onClose={onClose}>
        Send this link to {made.email}: it works once, for 7 days, and is shown only here.
      </ShownOnce>
    );
  }
  return (
    <FormDialog
      title={`Invite to ${place.name}`}
      verb="Make invitation"
      form={form}
      disabledReason={email === '' ? 'it needs an address' : null}
      onClose={onClose}
    >
      <TextField
        label="E-mail"
        type="email"
        value={email}
        autoComplete="off"
        spellCheck={false}
        hint="Whoever has the link joins with this address."
        onChange={(event) => setEmail(event.target.value)}
      />
      <OrganizationRoleChoice value={role} mayMakeOwners={place.may('organization:owners')} onChange={setRole} />
      <SelectField
        label="Workspace"
        required={false}
        value={workspace}
        options={[
          { value: '', label: 'none for now' },
          ...workspaces.map(({ path }) => ({ value: path, label: path })),
        ]}
        onChange={(event) => setWorkspace(event.target.value)}
      />
      {chosen ? (
        <RoleChoice roles={roles.data?.items} value={workspaceRole} held={chosen.actions} onChange={setWorkspaceRole} />
      ) : null}
    </FormDialog>
  );
}
