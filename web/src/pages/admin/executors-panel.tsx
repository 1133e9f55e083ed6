import { Cpu } from 'lucide-react';
import type { ExecutorObject } from '#core/rest-health.ts';
import { useList } from '../../data/use-list.ts';
import { Badge } from '../../ui/badge.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { KeyedListTable } from '../../ui/list-table.tsx';
import { Age } from '../../ui/moment.tsx';
import { Panel } from '../../ui/panel.tsx';
import type { Column } from '../../ui/table.tsx';

const KINDS: Record<ExecutorObject['kind'], string> = {
  workflows: 'carries runs on',
  pool: 'opens runs',
  host: 'executes stages',
};

const NOTHING = <span className="text-3">–</span>;

const COLUMNS: readonly Column<ExecutorObject>[] = [
  {
    ...{ key: 'identity', head: 'Worker' },
    cell: ({ identity, queue }) => (
      <code className="font-mono text-12 text-1" title={`queue ${queue}`}>
        {identity}
      </code>
    ),
  },
  { ...{ key: 'kind', head: 'What it does', width: '136px' }, cell: ({ kind }) => <Badge>{KINDS[kind]}</Badge> },
  {
    ...{ key: 'labels', head: 'Labels', width: '18%' },
    cell: ({ runner }) => (runner ? <span title={runner.labels.join(', ')}>{runner.labels.join(', ')}</span> : NOTHING),
  },
  {
    ...{ key: 'stages', head: 'Stages', width: '88px', align: 'right' },
    cell: ({ runner }) =>
      runner ? (
        <span className="tabular" title={`${runner.runs} open runs have their files there`}>
          {runner.stages}
          {runner.maxStages === null ? '' : ` of ${runner.maxStages}`}
        </span>
      ) : (
        NOTHING
      ),
  },
  {
    ...{ key: 'isolation', head: 'Isolation', width: '16%', isSecondary: true },
    cell: ({ runner }) => {
      if (!runner || runner.processExecutor === null) return NOTHING;
      return runner.processExecutor ? (
        <Badge hue="warning" title="BUILDIT_PROCESS_EXECUTOR=on: stages may execute as the worker's own account">
          also without
        </Badge>
      ) : (
        <span title="Any image; no stage but a sample's executes outside of a container">containers alone</span>
      );
    },
  },
  {
    ...{ key: 'version', head: 'Version', width: '104px', isSecondary: true },
    cell: ({ runner }) => (runner?.version ? <code className="font-mono text-12">{runner.version}</code> : NOTHING),
  },
  {
    ...{ key: 'seen', head: 'Last sign', width: '96px' },
    cell: ({ seenAt }) => (seenAt === null ? <span className="text-3">none</span> : <Age at={seenAt} />),
  },
];

/** Workers that ask for work; asked for anew with each look at the health. */
export function ExecutorsPanel() {
  const list = useList<ExecutorObject>('executors');
  return (
    <Panel title="Executors" id="executors">
      <KeyedListTable
        label="executors"
        columns={COLUMNS}
        list={list}
        expectedRows={3}
        keyOf={({ queue, identity }) => `${queue} ${identity}`}
        empty={
          <EmptyState icon={Cpu} title="No worker asks for work" command="buildit worker">
            Nothing runs until there is one.
          </EmptyState>
        }
      />
    </Panel>
  );
}
