import { useLocation, useParams, useSearchParams } from 'wouter';
import type { SecretObject } from '#core/rest-secrets.ts';
import { ActionButton, ActionMenu } from '../../actions/action-button.tsx';
import { usePageActions } from '../../actions/page-actions.tsx';
import { replaceSecret, SECRET_ACTIONS, type SecretSubject } from '../../actions/secret.ts';
import { NotFound } from '../../app/not-found.tsx';
import { usePageHead } from '../../app/page.ts';
import { useWorkspace } from '../../app/place.ts';
import { describeActor } from '../../data/describe-cause.ts';
import { useList } from '../../data/use-list.ts';
import { ErrorState, InlineProblem } from '../../ui/error-state.tsx';
import { SelectField } from '../../ui/field.tsx';
import { Age } from '../../ui/moment.tsx';
import { AfterAMoment, SkeletonRows } from '../../ui/skeleton.tsx';
import { Tabs } from '../../ui/tabs.tsx';
import { AccessTab } from './access-tab.tsx';
import { describeScope } from './describe-scope.ts';
import { ReceiversTab } from './receivers-tab.tsx';
import { SecretMarks } from './secret-marks.tsx';
import { VersionsTab } from './versions-tab.tsx';

const TABS = [
  { name: 'versions', label: 'Versions' },
  { name: 'receivers', label: 'Who gets it' },
  { name: 'access', label: 'Access' },
] as const;

/** What became of a secret and whom it goes to, never its value (UI §4.12). One name may hold in several places: `?id=`. */
export default function SecretPage() {
  const place = useWorkspace();
  const { secret: encoded = '' } = useParams();
  const name = decodeURIComponent(encoded);
  const [search, setSearch] = useSearchParams();
  const [, goTo] = useLocation();
  const list = `${place.base}/secrets`;
  const { data, error, refetch } = useList<SecretObject>('secrets', { workspace: place.path, name });
  usePageHead({ title: name, area: 'Secrets', crumbs: [{ label: 'Secrets', href: list }] });
  const wanted = search.get('id');
  // A link to one never leads to its namesake: what is done here would be done to that.
  const secret = wanted === null ? data?.items[0] : data?.items.find(({ id }) => id === wanted);
  const subject: SecretSubject | null = secret ? { id: secret.id, secret, onDeleted: () => goTo(list) } : null;
  usePageActions(SECRET_ACTIONS, subject);
  if (!data) {
    return error ? (
      <ErrorState what="The secret could not be read" problem={error} onRetry={() => void refetch()} />
    ) : (
      <AfterAMoment>
        <SkeletonRows rows={8} />
      </AfterAMoment>
    );
  }
  if (!secret || !subject) return <NotFound what={`secret ${name}`} />;
  const tab = TABS.find((one) => one.name === search.get('tab'))?.name ?? 'versions';
  const show = (next: { id?: string; tab?: string }) => {
    const all = { id: wanted, tab, ...next };
    setSearch({ ...(all.id ? { id: all.id } : {}), ...(all.tab === 'versions' ? {} : { tab: all.tab }) });
  };
  return (
    <div className="flex flex-col gap-4 p-6 max-sm:p-4">
      {error ? <InlineProblem problem={error} onRetry={() => void refetch()} /> : null}
      <header className="flex flex-wrap items-center gap-x-4 gap-y-2">
        <p className="flex flex-wrap items-center gap-x-4 gap-y-1 text-13 text-2">
          <SecretMarks secret={secret} />
          <span>holds for {describeScope(secret.scope)}</span>
          <span>version {secret.version}</span>
          {secret.rotateDays === null ? null : <span>wants another every {secret.rotateDays} days</span>}
          <span>
            set <Age at={secret.setAt} /> by {describeActor(secret.setBy)}
          </span>
        </p>
        <span className="flex-1" />
        {data.items.length > 1 ? (
          <div className="w-56 max-sm:w-full">
            <SelectField
              label="Of this name"
              value={secret.id}
              options={data.items.map(({ id, scope }) => ({ value: id, label: describeScope(scope) }))}
              onChange={(event) => show({ id: event.target.value })}
            />
          </div>
        ) : null}
        <span className="flex items-center gap-2">
          <ActionButton action={replaceSecret} subject={subject} variant="primary" />
          <ActionMenu label={`Actions of ${name}`} actions={SECRET_ACTIONS} subject={subject} size="normal" />
        </span>
      </header>
      <Tabs label={name} tabs={TABS} selected={tab} onSelect={(next) => show({ tab: next })}>
        <section aria-label={name} className="mt-4 rounded-8 border border-subtle bg-raised">
          {tab === 'versions' ? <VersionsTab secret={secret} /> : null}
          {tab === 'receivers' ? <ReceiversTab secret={secret} /> : null}
          {tab === 'access' ? <AccessTab key={secret.id} secret={secret} /> : null}
        </section>
      </Tabs>
    </div>
  );
}
