import { useQuery } from '@tanstack/react-query';
import { Send } from 'lucide-react';
import { Link } from 'wouter';
import type { SecretObject, SecretReceiver, SecretReceivers } from '#core/rest-secrets.ts';
import { get } from '../../data/http.ts';
import { EmptyState } from '../../ui/empty-state.tsx';
import { ErrorState } from '../../ui/error-state.tsx';
import { Table, type Column } from '../../ui/table.tsx';

const COLUMNS: readonly Column<SecretReceiver>[] = [
  {
    ...{ key: 'pipeline', head: 'Pipeline' },
    cell: ({ workspace, pipeline }) => (
      <Link
        href={`/${workspace}/pipelines/${encodeURIComponent(pipeline)}?tab=file`}
        className="text-1 hover:underline"
      >
        {workspace}/{pipeline}
      </Link>
    ),
  },
  { ...{ key: 'version', head: 'Version', width: '12%', align: 'right' }, cell: ({ version }) => version },
  {
    ...{ key: 'stage', head: 'Stage', width: '26%' },
    cell: ({ stage }) => <code className="font-mono text-12">{stage}</code>,
  },
  {
    ...{ key: 'environment', head: 'Environment', width: '22%' },
    cell: ({ environment }) => environment ?? <span className="text-3">none</span>,
  },
];

/** Stages that would be given the value, as the present texts of the pipelines on the server declare. */
export function ReceiversTab({ secret }: { secret: SecretObject }) {
  const { data, error, refetch } = useQuery({
    queryKey: ['list', 'secrets', secret.id, 'receivers', secret.enabled],
    queryFn: ({ signal }) => get<SecretReceivers>(`secrets/${secret.id}/receivers`, {}, signal),
  });
  const unread = data ? data.pipelines.total - data.pipelines.looked : 0;
  return (
    <>
      <p className="border-b border-subtle px-4 py-2 text-12 text-2">
        {secret.enabled
          ? 'As the present texts of the pipelines ask for it. Runs of files are known in the access log alone.'
          : 'It is disabled: no stage gets it, and a run that asks for it does not start.'}
        {unread > 0 ? ` ${unread} more pipelines were not looked at.` : ''}
      </p>
      <Table
        label="receivers"
        columns={COLUMNS}
        items={data?.items}
        keyOf={({ workspace, pipeline, stage, environment }) => `${workspace} ${pipeline} ${stage} ${environment}`}
        error={
          !data && error ? (
            <ErrorState what="Who gets it could not be read" problem={error} onRetry={() => void refetch()} />
          ) : null
        }
        empty={
          <EmptyState icon={Send} title={secret.enabled ? 'No stage asks for it' : 'No stage gets it'}>
            {secret.enabled ? 'A' : 'When it is enabled, a'} stage gets it by{' '}
            <code className="font-mono text-12">secret &quot;{secret.name}&quot;</code> in its pipeline.
          </EmptyState>
        }
      />
    </>
  );
}
