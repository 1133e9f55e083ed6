import { useEffect, useState } from 'react';
import { whenSignedOut } from '../data/http.ts';
import { useMe, useSignIn } from '../data/me.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { InlineProblem } from '../ui/error-state.tsx';
import { TextField } from '../ui/field.tsx';

/** Signs in again over the page, which keeps what was typed, when the session has ended meanwhile. */
export function SessionDialog() {
  const [isOpen, setOpen] = useState(false);
  const { data: me } = useMe();
  useEffect(() => {
    whenSignedOut(() => setOpen(true));
    return () => whenSignedOut(() => {});
  }, []);
  if (!isOpen) return null;
  return me && me.user === null ? (
    <Dialog title="Your sign-in has ended" onClose={() => setOpen(false)}>
      <p className="text-13 text-2">
        The local user signs in with a link that works once. On this machine:{' '}
        <code className="font-mono">buildit open</code>
      </p>
    </Dialog>
  ) : (
    <PasswordDialog login={me?.user?.name ?? ''} onClose={() => setOpen(false)} />
  );
}

function PasswordDialog({ login: known, onClose }: { login: string; onClose(): void }) {
  const signIn = useSignIn();
  const [login, setLogin] = useState(known);
  const [password, setPassword] = useState('');
  const [problem, setProblem] = useState<unknown>(null);
  const [isBusy, setBusy] = useState(false);
  const submit = () => {
    setBusy(true);
    setProblem(null);
    signIn(login, password)
      .then(onClose, setProblem)
      .finally(() => setBusy(false));
  };
  return (
    <Dialog
      title="Sign in again"
      onClose={onClose}
      onSubmit={submit}
      footer={
        <Button type="submit" variant="primary" isBusy={isBusy}>
          Sign in
        </Button>
      }
    >
      <div className="flex flex-col gap-4">
        <p className="text-13 text-2">Your sign-in has ended. What you have typed on the page stays.</p>
        <TextField
          label="Name or e-mail"
          value={login}
          autoComplete="username"
          autoCapitalize="none"
          spellCheck={false}
          onChange={(event) => setLogin(event.target.value)}
        />
        <TextField
          label="Password"
          type="password"
          {...(known === '' ? {} : { 'data-focus': '' })}
          value={password}
          autoComplete="current-password"
          onChange={(event) => setPassword(event.target.value)}
        />
        {problem ? <InlineProblem problem={problem} /> : null}
      </div>
    </Dialog>
  );
}
