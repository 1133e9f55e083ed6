import { useState } from 'react';
import type { MemberObject, RoleObject, TeamObject } from '#core/rest-members.ts';
import type { WorkspaceMemberSubject } from '../../actions/workspace-member.ts';
import { useWorkspace } from '../../app/place.ts';
import { write } from '../../data/http.ts';
import { useList } from '../../data/use-list.ts';
import { useSubmit } from '../../data/use-submit.ts';
import { Combobox } from '../../ui/combobox.tsx';
import { InlineProblem } from '../../ui/error-state.tsx';
import { FormDialog } from '../../ui/form-dialog.tsx';
import { showToast } from '../../ui/toast.tsx';
import { RoleChoice } from './role-choice.tsx';

/** Gives a person or a team a role in the workspace, or another one instead of theirs. */
export function GiveRoleDialog({ subject, onClose }: { subject?: WorkspaceMemberSubject; onClose(): void }) {
  const place = useWorkspace();
  const member = subject?.member;
  const [principal, setPrincipal] = useState(member?.principal ?? '');
  const [role, setRole] = useState(member?.role ?? '');
  const roles = useList<RoleObject>('roles', { organization: place.organization });
  const list = `workspaces/${place.id}/members`;
  const form = useSubmit(
    async (key) => {
      await write('PUT', `${list}/${encodeURIComponent(principal)}`, { role }, { key });
      showToast({ kind: 'done', text: `${principal} is ${role} in ${place.path}` });
      onClose();
    },
    [list],
  );
  return (
    <FormDialog
      title={member ? `Role of ${member.principal}` : 'Give a role'}
      verb={member ? 'Change role' : 'Give role'}
      form={form}
      disabledReason={
        principal === '' ? 'choose who gets it' : role === '' || role === member?.role ? 'choose a role' : null
      }
      onClose={onClose}
    >
      {member ? null : <HolderField organization={place.organization} value={principal} onSelect={setPrincipal} />}
      {roles.error ? <InlineProblem problem={roles.error} onRetry={() => void roles.refetch()} /> : null}
      <RoleChoice roles={roles.data?.items} value={role} held={place.actions} onChange={setRole} />
    </FormDialog>
  );
}

/** Who can get a role: members of the organization and its teams. */
function HolderField(props: { organization: string; value: string; onSelect(principal: string): void }) {
  const { organization, value, onSelect } = props;
  const [text, setText] = useState('');
  const members = useList<MemberObject>('members', { organization, limit: 200 });
  const teams = useList<TeamObject>('teams', { organization, limit: 200 });
  const options = [
    ...(members.data?.items ?? []).map(({ user }) => ({
      ...{ value: `user:${user.name}`, label: `user:${user.name}`, detail: user.displayName },
    })),
    ...(teams.data?.items ?? []).map(({ name, members: inIt }) => ({
      ...{ value: `team:${name}`, label: `team:${name}`, detail: `${inIt.length} in it` },
    })),
  ];
  return (
    <Combobox
      label="Who"
      hint="A member of the organization or one of its teams: user:ann, team:sre."
      value={value}
      options={options.filter(({ label, detail }) => `${label} ${detail}`.toLowerCase().includes(text.toLowerCase()))}
      onType={setText}
      onSelect={onSelect}
      isFree
    />
  );
}
