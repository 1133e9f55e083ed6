import { useState } from 'react';
import type { TeamObject } from '#core/rest-members.ts';
import { write } from '../../data/http.ts';
import { useList } from '../../data/use-list.ts';
import { useSubmit } from '../../data/use-submit.ts';
import { SelectField, TextField } from '../../ui/field.tsx';
import { FormDialog } from '../../ui/form-dialog.tsx';
import { showToast } from '../../ui/toast.tsx';

/** Makes a team, or renames it and makes it part of another. */
export function TeamDialog(props: { subject: { organization: string; team?: TeamObject }; onClose(): void }) {
  const { subject, onClose } = props;
  const { organization, team } = subject;
  const [name, setName] = useState(team?.name ?? '');
  const [parent, setParent] = useState(team?.parent ?? '');
  const teams = useList<TeamObject>('teams', { organization, limit: 200 });
  const others = (teams.data?.items ?? []).filter(({ id }) => id !== team?.id);
  const form = useSubmit(
    async (key) => {
      const body = { name, parent: parent === '' ? null : parent };
      if (team) await write('PATCH', `teams/${team.id}`, body, { key, ifMatch: `"${team.version}"` });
      else await write('POST', 'teams', body, { key, query: { organization } });
      showToast({ kind: 'done', text: `team:${name} is saved` });
      onClose();
    },
    ['teams', 'members'],
  );
  return (
    <FormDialog
      title={team ? `Team ${team.name}` : 'New team'}
      verb={team ? 'Save team' : 'Make team'}
      form={form}
      disabledReason={name === '' ? 'it needs a name' : null}
      onClose={onClose}
    >
      <TextField
        label="Name"
        value={name}
        autoComplete="off"
        spellCheck={false}
        hint={`What a gate names: team:${name === '' ? 'NAME' : name}.`}
        onChange={(event) => setName(event.target.value)}
      />
      <SelectField
        label="Part of"
        required={false}
        value={parent}
        hint="Who is in this team is in that one too, with all that it gives."
        options={[{ value: '', label: 'no team' }, ...others.map((one) => ({ value: one.name, label: one.name }))]}
        onChange={(event) => setParent(event.target.value)}
      />
    </FormDialog>
  );
}
