import { usePageHead } from '../../app/page.ts';
import { useMe } from '../../data/me.ts';
import { EmptyState } from '../../ui/empty-state.tsx';
import { Panel } from '../../ui/panel.tsx';
import { AfterAMoment, SkeletonRows } from '../../ui/skeleton.tsx';
import { SettingsFrame } from '../settings/settings-frame.tsx';
import { PasswordForm } from './password-form.tsx';
import { PreferencesPanel } from './preferences-panel.tsx';
import { ProfileForm } from './profile-form.tsx';
import { SessionsPanel } from './sessions-panel.tsx';

/** What is the person's own: profile, password, where they are signed in, how this browser shows things (UI §4.13). */
export default function MinePage() {
  usePageHead({ title: 'Your settings' });
  const { data: me } = useMe();
  return (
    <SettingsFrame>
      {me ? (
        <>
          {me.user ? (
            <>
              <ProfileForm key={me.user.displayName} user={me.user} />
              <PasswordForm login={me.user.name} />
              <SessionsPanel />
            </>
          ) : (
            <Panel title="Account">
              <EmptyState title="The local user has no account" command="buildit open">
                Profile, password and sign-ins are those of an account.
              </EmptyState>
            </Panel>
          )}
          <PreferencesPanel />
        </>
      ) : (
        <AfterAMoment>
          <SkeletonRows rows={8} />
        </AfterAMoment>
      )}
    </SettingsFrame>
  );
}
