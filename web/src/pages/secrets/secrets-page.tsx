import { KeyRound, Plus } from 'lucide-react';
import { useState } from 'react';
import { Link } from 'wouter';
import type { SecretObject } from '#core/rest-secrets.ts';
import { ActionMenu } from '../../actions/action-button.tsx';
import { SECRET_ACTIONS, type SecretSubject } from '../../actions/secret.ts';
import { usePageHead } from '../../app/page.ts';
import { useWorkspace } from '../../app/place.ts';
import { describeActor } from '../../data/describe-cause.ts';
import { useList } from '../../data/use-list.ts';
import { Button } from '../../ui/button.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { ErrorState, InlineProblem } from '../../ui/error-state.tsx';
import { Age } from '../../ui/moment.tsx';
import { Panel } from '../../ui/panel.tsx';
import { Table, type Column } from '../../ui/table.tsx';
import { CreateDialog } from './create-dialog.tsx';
import { describeScope } from './describe-scope.ts';
import { SecretMarks } from './secret-marks.tsx';

const columnsOf = (base: string): readonly Column<SecretObject>[] => [
  {
    ...{ key: 'name', head: 'Name' },
    cell: (secret) => (
      <Link
        href={`${base}/secrets/${encodeURIComponent(secret.name)}?id=${secret.id}`}
        title={secret.name}
        className="font-mono text-12 text-1 hover:underline"
      >
        {secret.name}
      </Link>
    ),
  },
  {
    ...{ key: 'marks', head: 'State', width: '19%' },
    cell: (secret) => (
      <span className="flex flex-wrap items-center gap-1 py-0.5">
        <SecretMarks secret={secret} />
      </span>
    ),
  },
  { ...{ key: 'scope', head: 'Holds for', width: '17%' }, cell: ({ scope }) => describeScope(scope) },
  { ...{ key: 'version', head: 'Version', width: '80px', align: 'right' }, cell: ({ version }) => version },
  {
    ...{ key: 'set', head: 'Set', width: '16%' },
    cell: ({ setAt, setBy }) => (
      <>
        <Age at={setAt} /> by {describeActor(setBy)}
      </>
    ),
  },
  {
    ...{ key: 'used', head: 'Last used', width: '18%', isSecondary: true },
    cell: ({ lastUsed }) =>
      lastUsed ? (
        <>
          <Age at={lastUsed.at} /> by {lastUsed.run ?? 'a run'} {lastUsed.stage}
        </>
      ) : (
        <span className="text-3">never</span>
      ),
  },
  {
    ...{ key: 'actions', head: 'Actions', isHeadHidden: true, width: '64px', align: 'right' },
    cell: (secret) => (
      <ActionMenu<SecretSubject>
        label={`Actions of ${secret.name}`}
        actions={SECRET_ACTIONS}
        subject={{ id: secret.id, secret }}
      />
    ),
  },
];

/** Secrets by name: where each holds, who set it, who got it. A value is written and never read (UI §4.12). */
export default function SecretsPage() {
  usePageHead({ title: 'Secrets' });
  const place = useWorkspace();
  const [isCreating, setCreating] = useState(false);
  const { data, error, refetch } = useList<SecretObject>('secrets', { workspace: place.path, limit: 200 });
  const create = (
    <Button
      variant="primary"
      icon={Plus}
      disabledReason={place.may('secret:write') ? null : 'this needs the right secret:write'}
      onClick={() => setCreating(true)}
    >
      New secret
    </Button>
  );
  return (
    <div className="p-6 max-sm:p-4">
      <Panel title="Secrets" actions={data && data.items.length > 0 ? create : null}>
        {data && error ? <InlineProblem problem={error} onRetry={() => void refetch()} /> : null}
        <Table
          label="secrets"
          columns={columnsOf(place.base)}
          items={data?.items}
          keyOf={({ id }) => id}
          error={
            !data && error ? (
              <ErrorState what="The secrets could not be read" problem={error} onRetry={() => void refetch()} />
            ) : null
          }
          empty={<EmptyState icon={KeyRound} title="No secret yet" action={create} command="buildit secrets set KEY" />}
        />
      </Panel>
      {isCreating ? <CreateDialog onClose={() => setCreating(false)} /> : null}
    </div>
  );
}
