import { Cpu } from 'lucide-react';
import type { ExecutorObject } from '#core/rest-health.ts';
import { useList } from '../../data/use-list.ts';
import { Badge } from '../../ui/badge.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { ErrorState } from '../../ui/error-state.tsx';
import { Age } from '../../ui/moment.tsx';
import { Panel } from '../../ui/panel.tsx';
import { Table, type Column } from '../../ui/table.tsx';

const KINDS: Record<ExecutorObject['kind'], string> = {
  workflows: 'carries runs on',
  pool: 'opens runs',
  host: 'executes stages',
};

const COLUMNS: readonly Column<ExecutorObject>[] = [
  {
    ...{ key: 'identity', head: 'Worker' },
    cell: ({ identity }) => <code className="font-mono text-12 text-1">{identity}</code>,
  },
  { ...{ key: 'kind', head: 'What it does', width: '18%' }, cell: ({ kind }) => <Badge>{KINDS[kind]}</Badge> },
  {
    ...{ key: 'queue', head: 'Queue', width: '30%', isSecondary: true },
    cell: ({ queue }) => <code className="font-mono text-12">{queue}</code>,
  },
  {
    ...{ key: 'seen', head: 'Last sign', width: '16%' },
    cell: ({ seenAt }) => (seenAt === null ? <span className="text-3">none</span> : <Age at={seenAt} />),
  },
];

/** Workers that ask for work. */
export function ExecutorsPanel() {
  const { data, error, refetch } = useList<ExecutorObject>('executors');
  return (
    <Panel title="Executors">
      <Table
        label="executors"
        columns={COLUMNS}
        items={data?.items}
        expectedRows={3}
        keyOf={({ queue, identity }) => `${queue} ${identity}`}
        error={
          !data && error ? (
            <ErrorState what="The executors could not be read" problem={error} onRetry={() => void refetch()} />
          ) : null
        }
        empty={
          <EmptyState icon={Cpu} title="No worker asks for work" command="buildit worker">
            Nothing runs until there is one.
          </EmptyState>
        }
      />
    </Panel>
  );
}
