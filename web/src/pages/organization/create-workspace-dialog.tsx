import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { write } from '../../data/http.ts';
import { useSubmit } from '../../data/use-submit.ts';
import { TextField } from '../../ui/field.tsx';
import { FormDialog } from '../../ui/form-dialog.tsx';
import { showToast } from '../../ui/toast.tsx';

/** Makes a workspace in the organization. */
export function CreateWorkspaceDialog({ organization, onClose }: { organization: string; onClose(): void }) {
  const queries = useQueryClient();
  const [name, setName] = useState('');
  const form = useSubmit(
    async (key) => {
      await write('POST', 'workspaces', { name }, { key, query: { organization } });
      // What the person may do there stands in what they may do at all.
      await queries.invalidateQueries({ queryKey: ['me'] });
      showToast({ kind: 'done', text: `${organization}/${name} is there` });
      onClose();
    },
    ['workspaces'],
  );
  return (
    <FormDialog
      title="New workspace"
      verb="Make workspace"
      form={form}
      disabledReason={name === '' ? 'it needs a name' : null}
      onClose={onClose}
    >
      <TextField
        label="Name"
        value={name}
        autoComplete="off"
        spellCheck={false}
        hint={`a-z, 0-9 and -. Its address is /${organization}/${name === '' ? 'NAME' : name}.`}
        onChange={(event) => setName(event.target.value)}
      />
    </FormDialog>
  );
}
