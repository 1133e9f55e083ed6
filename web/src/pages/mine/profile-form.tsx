import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { MeObject } from '#core/rest-sign-in.ts';
import { write } from '../../data/http.ts';
import { useSubmit } from '../../data/use-submit.ts';
import { TextField } from '../../ui/field.tsx';
import { showToast } from '../../ui/toast.tsx';
import { FormPanel } from '../settings/form-panel.tsx';

/** What others see of a person. */
export function ProfileForm({ user }: { user: NonNullable<MeObject['user']> }) {
  const queries = useQueryClient();
  const [displayName, setDisplayName] = useState(user.displayName);
  const form = useSubmit(async (key) => {
    await write('PATCH', 'me', { displayName }, { key });
    await queries.invalidateQueries({ queryKey: ['me'] });
    showToast({ kind: 'done', text: 'Your profile is saved' });
  });
  return (
    <FormPanel
      title="Profile"
      isBusy={form.isBusy}
      problem={form.problem}
      disabledReason={
        displayName.trim() === '' ? 'it needs a name' : displayName === user.displayName ? 'nothing is changed' : null
      }
      onSubmit={form.submit}
    >
      <TextField
        label="Name people see"
        value={displayName}
        autoComplete="name"
        onChange={(event) => setDisplayName(event.target.value)}
      />
      <TextField label="Account" value={user.name} origin="It stands in runs and in the audit, and stays." />
      <TextField label="E-mail" value={user.email} origin="Set when the account was made." />
    </FormPanel>
  );
}
