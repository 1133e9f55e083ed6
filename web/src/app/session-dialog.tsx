import { useEffect, useRef, useState } from 'react';
import { whenSignInNeeded, type SignInNeed } from '../data/http.ts';
import { useMe, useSignedInElsewhere, useSignIn } from '../data/me.ts';
import { whenSignedInElsewhere } from '../data/session-news.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { InlineProblem } from '../ui/error-state.tsx';
import { TextField } from '../ui/field.tsx';

const REASONS: Record<SignInNeed, string> = {
  ended: 'Your sign-in has ended',
  'too-old': 'This needs a sign-in of the last 10 minutes',
};

/** Signs in again over the page, which keeps what was typed: the session has ended, or is too old for an act. */
export function SessionDialog() {
  const [need, setNeed] = useState<SignInNeed | null>(null);
  const [isPutOff, setPutOff] = useState(false);
  const putOff = useRef(false);
  putOff.current = isPutOff;
  const { data: me } = useMe();
  const askElsewhere = useSignedInElsewhere();
  const isWaiting = need !== null || isPutOff;
  useEffect(() => {
    if (!isWaiting) return undefined;
    return whenSignedInElsewhere(() => {
      void askElsewhere().then((now) => {
        if (!now || (need === 'too-old' && !now.isFresh)) return;
        setNeed(null);
        setPutOff(false);
      });
    });
  }, [isWaiting, need]);
  useEffect(() => {
    whenSignInNeeded((next, isAct) => {
      // Pages go on asking; who has closed it is asked again by an act of their own alone.
      if (putOff.current && !isAct) return;
      setPutOff(false);
      setNeed(next);
    });
    return () => whenSignInNeeded(() => {});
  }, []);
  if (isPutOff) {
    return (
      <div
        role="status"
        data-hue="warning"
        className="fixed inset-x-0 bottom-0 z-40 flex items-center justify-center gap-3 border-t border-subtle bg-overlay px-4 py-1.5 text-13"
      >
        {REASONS.ended}.
        <Button
          size="dense"
          onClick={() => {
            setPutOff(false);
            setNeed('ended');
          }}
        >
          Sign in
        </Button>
      </div>
    );
  }
  if (need === null) return null;
  const done = () => setNeed(null);
  const close = () => {
    done();
    setPutOff(need === 'ended');
  };
  return me && me.user === null ? (
    <Dialog title={REASONS[need]} onClose={close}>
      <p className="text-13 text-2">
        The local user signs in with a link that works once. On this machine:{' '}
        <code className="font-mono">buildit open</code>
      </p>
    </Dialog>
  ) : (
    <PasswordDialog login={me?.user?.name ?? ''} reason={REASONS[need]} onClose={close} onDone={done} />
  );
}

function PasswordDialog(props: { login: string; reason: string; onClose(): void; onDone(): void }) {
  const { login: known, reason, onClose, onDone } = props;
  const signIn = useSignIn();
  const [login, setLogin] = useState(known);
  const [password, setPassword] = useState('');
  const [problem, setProblem] = useState<unknown>(null);
  const [isBusy, setBusy] = useState(false);
  const submit = () => {
    setBusy(true);
    setProblem(null);
    signIn(login, password)
      .then(onDone, setProblem)
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
        <p className="text-13 text-2">{reason}. What you have typed on the page stays.</p>
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
