import { Link } from 'wouter';
import { formatDuration } from '#core/duration.ts';
import type { RunSummary } from '#core/rest-pipelines.ts';
import type { GraphStage } from '../../graph/graph-stage.ts';
import { measure } from '../../graph/view/describe-node.ts';
import { Panel } from '../../ui/panel.tsx';
import { stateOf } from '../../ui/state.ts';
import { StatusIcon } from '../../ui/status-icon.tsx';
import { STATUS_LOOKS } from '../../ui/status-look.ts';
import { Table, type Column } from '../../ui/table.tsx';

/** All that the graph of a pipeline shows, as a table. */
export function StageTable(props: {
  stages: readonly GraphStage[];
  now: number;
  last: RunSummary | null;
  /** Of the stage in the last run. */
  hrefOf(name: string): string | null;
}) {
  const { stages, now, last, hrefOf } = props;
  const columns: Column<GraphStage>[] = [
    {
      ...{ key: 'stage', head: 'Stage', width: '26%' },
      cell: ({ name, status }) => {
        const href = status === null ? null : hrefOf(name);
        return href === null ? <span className="text-1">{name}</span> : <Link href={href}>{name}</Link>;
      },
    },
    {
      ...{ key: 'needs', head: 'Needs' },
      cell: ({ needs }) => {
        const names = needs.map(({ to }) => to).join(', ');
        return names === '' ? <span className="text-3">nothing</span> : <span title={names}>{names}</span>;
      },
    },
    {
      ...{ key: 'last', head: last ? `Run ${last.number}` : 'Last run', width: '18%' },
      cell: (stage) => <Standing stage={stage} now={now} />,
    },
    {
      ...{ key: 'took', head: 'Took', width: '92px', align: 'right' },
      cell: (stage) => {
        const ms = measure(stage, now);
        return ms === null ? '' : formatDuration(ms);
      },
    },
    {
      ...{ key: 'usual', head: 'p50', width: '92px', align: 'right' },
      cell: ({ usualMs }) => (usualMs === undefined ? '' : formatDuration(usualMs)),
    },
  ];
  return (
    <Panel title="Stages">
      <Table label="stages" isDense columns={columns} items={stages} keyOf={({ name }) => name} empty={null} />
    </Panel>
  );
}

function Standing({ stage: { status, kind }, now }: { stage: GraphStage; now: number }) {
  if (status === null) return <span className="text-3">not in it</span>;
  const state = stateOf(status, kind, now);
  return (
    <span className="flex items-center gap-2">
      <StatusIcon state={state} />
      <span className="truncate">{STATUS_LOOKS[state].word}</span>
    </span>
  );
}
