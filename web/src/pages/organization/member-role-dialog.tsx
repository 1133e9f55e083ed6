import { useState } from 'react';
import type { MemberSubject } from '../../actions/member.ts';
import { write } from '../../data/http.ts';
import { useMe } from '../../data/me.ts';
import { useSubmit } from '../../data/use-submit.ts';
import { FormDialog } from '../../ui/form-dialog.tsx';
import { showToast } from '../../ui/toast.tsx';
import { OrganizationRoleChoice } from './organization-role-choice.tsx';

/** Gives a member another role in the organization. */
export function MemberRoleDialog({ subject: { member }, onClose }: { subject: MemberSubject; onClose(): void }) {
  const { data: me } = useMe();
  const actions = me?.organizations.find(({ name }) => name === member.organization)?.actions ?? [];
  const [role, setRole] = useState(member.role);
  const form = useSubmit(
    async (key) => {
      await write('PATCH', `members/${member.id}`, { role }, { key });
      showToast({ kind: 'done', text: `${member.user.name} is ${role}` });
      onClose();
    },
    ['members', 'invitations'],
  );
  return (
    <FormDialog
      title={`Role of ${member.user.name}`}
      verb="Change role"
      form={form}
      disabledReason={role === member.role ? `${member.user.name} is ${role} already` : null}
      onClose={onClose}
    >
      <OrganizationRoleChoice value={role} mayMakeOwners={actions.includes('organization:owners')} onChange={setRole} />
    </FormDialog>
  );
}
