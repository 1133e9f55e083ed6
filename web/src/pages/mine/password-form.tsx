import { useState } from 'react';
import { write } from '../../data/http.ts';
import { useSubmit } from '../../data/use-submit.ts';
import { TextField } from '../../ui/field.tsx';
import { showToast } from '../../ui/toast.tsx';
import { FormPanel } from '../settings/form-panel.tsx';

/** A new password; it ends every other sign-in of the account. */
export function PasswordForm({ login }: { login: string }) {
  const [current, setCurrent] = useState('');
  const [password, setPassword] = useState('');
  const form = useSubmit(
    async (key) => {
      await write('POST', 'me/password', { current, password }, { key });
      setCurrent('');
      setPassword('');
      showToast({ kind: 'done', text: 'The password is changed; every other sign-in has ended' });
    },
    ['me/sessions'],
  );
  return (
    <FormPanel
      title="Password"
      verb="Change password"
      isMain={false}
      isBusy={form.isBusy}
      problem={form.problem}
      disabledReason={current === '' || password === '' ? 'both passwords are needed' : null}
      onSubmit={form.submit}
    >
      {/* For password managers, which keep it with the name. */}
      <input type="text" hidden readOnly autoComplete="username" value={login} />
      <TextField
        label="Present password"
        type="password"
        value={current}
        autoComplete="current-password"
        onChange={(event) => setCurrent(event.target.value)}
      />
      <TextField
        label="New password"
        type="password"
        value={password}
        autoComplete="new-password"
        hint="Long is what counts. Every other sign-in of the account ends with it."
        onChange={(event) => setPassword(event.target.value)}
      />
    </FormPanel>
  );
}
