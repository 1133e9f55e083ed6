import { useState } from 'react';
import type { TransferSubject } from '../../actions/workspace.ts';
import { write } from '../../data/http.ts';
import { useSubmit } from '../../data/use-submit.ts';
import { SelectField, TextField } from '../../ui/field.tsx';
import { FormDialog } from '../../ui/form-dialog.tsx';

/** Gives a workspace to another organization; its name is typed before. */
export function TransferDialog({ subject, onClose }: { subject: TransferSubject; onClose(): void }) {
  const { id, workspace, targets } = subject;
  const { name, organization: from } = workspace;
  const [target, setTarget] = useState(targets[0] ?? '');
  const [typed, setTyped] = useState('');
  const form = useSubmit(async (key) => {
    await write('POST', `workspaces/${id}/transfer`, { organization: target, name }, { key });
    // Its addresses have the organization in them.
    location.assign(`/${target}${name.slice(from.length)}/settings`);
  });
  return (
    <FormDialog
      title={`Transfer ${name}`}
      verb="Transfer workspace"
      form={form}
      disabledReason={typed === name ? null : `type ${name} first`}
      isDangerous
      onClose={onClose}
    >
      <p className="text-13 text-2">
        All that is in it goes along under its ids. Roles of people and teams of {from} end there, so do the API tokens
        of the workspace; it gets no secrets of {from} any more.
      </p>
      <SelectField
        label="To"
        value={target}
        hint={`Its address becomes /${target}${name.slice(from.length)}; the one it has now ends.`}
        options={targets.map((value) => ({ value, label: value }))}
        onChange={(event) => setTarget(event.target.value)}
      />
      <TextField
        label={`Type ${name} to confirm`}
        value={typed}
        autoComplete="off"
        spellCheck={false}
        onChange={(event) => setTyped(event.target.value)}
      />
    </FormDialog>
  );
}
