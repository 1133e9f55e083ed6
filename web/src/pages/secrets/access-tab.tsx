import { ScrollText } from 'lucide-react';
import { useState } from 'react';
import { Link } from 'wouter';
import type { SecretAccessObject, SecretObject } from '#core/rest-secrets.ts';
import { describeActor } from '../../data/describe-cause.ts';
import { useList } from '../../data/use-list.ts';
import { Badge } from '../../ui/badge.tsx';
import { Button } from '../../ui/button.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { ErrorState } from '../../ui/error-state.tsx';
import { Age } from '../../ui/moment.tsx';
import { Table, type Column } from '../../ui/table.tsx';

/** Which stages were given it and which were refused, newest first. */
export function AccessTab({ secret }: { secret: SecretObject }) {
  const [cursor, setCursor] = useState<string | null>(null);
  const { data, error, refetch } = useList<SecretAccessObject>(`secrets/${secret.id}/accesses`, { cursor });
  const columns: Column<SecretAccessObject>[] = [
    { ...{ key: 'at', head: 'Time', width: '14%' }, cell: ({ at }) => <Age at={at} /> },
    {
      ...{ key: 'run', head: 'Run' },
      cell: ({ run, runId }) =>
        runId === null ? (
          <span className="text-3">a run that is no more</span>
        ) : (
          <Link href={`/r/${runId}`} className="text-1 hover:underline">
            {run}
          </Link>
        ),
    },
    {
      ...{ key: 'stage', head: 'Stage', width: '20%' },
      cell: ({ stage, attempt }) => (
        <code className="font-mono text-12">{attempt > 1 ? `${stage} (attempt ${attempt})` : stage}</code>
      ),
    },
    { ...{ key: 'actor', head: 'Started by', width: '14%' }, cell: ({ actor }) => describeActor(actor) },
    { ...{ key: 'version', head: 'Version', width: '10%', align: 'right' }, cell: ({ version }) => version ?? '–' },
    {
      ...{ key: 'verdict', head: 'Verdict', width: '20%' },
      cell: ({ verdict, code }) => (
        <Badge hue={verdict === 'released' ? 'neutral' : 'error'}>{code ? `${verdict}: ${code}` : verdict}</Badge>
      ),
    },
  ];
  return (
    <>
      <Table
        label="accesses"
        columns={columns}
        items={data?.items}
        keyOf={({ id }) => id}
        error={
          !data && error ? (
            <ErrorState what="The access log could not be read" problem={error} onRetry={() => void refetch()} />
          ) : null
        }
        empty={<EmptyState icon={ScrollText} title="No stage has asked for it yet" />}
      />
      {data?.next || data?.prev ? (
        <footer className="flex justify-end gap-2 border-t border-subtle px-4 py-1.5">
          <Button
            size="dense"
            disabledReason={data.prev ? null : 'these are the newest'}
            onClick={() => setCursor(data.prev)}
          >
            Newer
          </Button>
          <Button
            size="dense"
            disabledReason={data.next ? null : 'there are no older ones'}
            onClick={() => setCursor(data.next)}
          >
            Older
          </Button>
        </footer>
      ) : null}
    </>
  );
}
