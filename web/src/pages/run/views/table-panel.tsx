import { useMemo } from 'react';
import { Link, useSearchParams } from 'wouter';
import { formatDuration } from '#core/duration.ts';
import type { RunObject, StageObject } from '#core/rest.ts';
import { findCriticalPath } from '../../../graph/critical-path.ts';
import { EmptyState } from '../../../ui/empty-state.tsx';
import { Clock } from '../../../ui/moment.tsx';
import { StatusIcon } from '../../../ui/status-icon.tsx';
import { STATUS_LOOKS } from '../../../ui/status-look.ts';
import { type Column, Table } from '../../../ui/table.tsx';
import type { RunPlace } from '../run-address.ts';
import { reasonOf, stateOfStage } from '../stage/stage-words.ts';
import { describeLeg } from '../tree/tree-rows.ts';
import { useTimeline } from '../use-timeline.ts';
import { listTableRows, type Sort, SORTS, sortRows, type TableRow } from './table-rows.ts';
import { toGraphStage } from './to-graph-stage.ts';

interface TablePanelProps {
  run: RunObject;
  stages: readonly StageObject[];
  place: RunPlace;
  now: number;
}

/** All that graph and timeline show, as a table: sorted by any column, which stands in the address. */
export default function TablePanel({ run, stages, place, now }: TablePanelProps) {
  const [search, setSearch] = useSearchParams();
  const [sort, isDescending] = readSort(search.get('sort'));
  const { data } = useTimeline(run.id, stages);
  const queuedAt = useMemo(
    () => new Map(data?.spans.flatMap(({ attempt, name, queuedAt: at }) => (attempt === 1 && at ? [[name, at]] : []))),
    [data],
  );
  const critical = findCriticalPath(
    stages.map((stage) => toGraphStage(stage)),
    now,
  );
  const rows = sortRows(listTableRows(stages, queuedAt, critical, now), sort, isDescending, now);
  const sortBy = (key: Sort) => ({
    direction: key !== sort ? ('none' as const) : isDescending ? ('descending' as const) : ('ascending' as const),
    onSort: () =>
      setSearch(
        (before) => {
          before.set('sort', key === sort && !isDescending ? `-${key}` : key);
          return before;
        },
        { replace: true },
      ),
  });
  const span = critical.spanMs > 0 ? ` of ${formatDuration(critical.spanMs)}` : '';
  const columns: Column<TableRow>[] = [
    {
      ...{ key: 'state', head: 'State', width: '132px', sort: sortBy('state') },
      cell: ({ stage }) => <StateCell stage={stage} now={now} />,
    },
    {
      ...{ key: 'stage', head: 'Stage', width: '150px', sort: sortBy('stage') },
      cell: ({ stage }) => (
        <Link href={place.hrefOf({ stage: stage.name, view: 'log', tab: null, attempt: null })}>{stage.stage}</Link>
      ),
    },
    { key: 'leg', head: 'Leg', isSecondary: true, cell: ({ stage }) => (stage.leg ? describeLeg(stage) : '') },
    { key: 'needs', head: 'Needs', isSecondary: true, cell: ({ stage }) => list(stage.needs.map(({ to }) => to)) },
    { key: 'dependents', head: 'Dependents', isSecondary: true, cell: ({ dependents }) => list(dependents) },
    { key: 'reason', head: 'Reason', isSecondary: true, cell: ({ stage }) => <Reason stage={stage} /> },
    {
      ...{ key: 'start', head: 'Start', width: '84px', sort: sortBy('start') },
      cell: ({ startedAt }) => (startedAt === null ? '' : <Clock at={startedAt} />),
    },
    {
      ...{ key: 'queue', head: 'Queued', width: '80px', align: 'right', sort: sortBy('queue') },
      cell: ({ queueMs }) => (queueMs === null ? '' : formatDuration(queueMs)),
    },
    {
      ...{ key: 'run', head: 'Run', width: '80px', align: 'right', sort: sortBy('run') },
      cell: ({ runMs }) => (runMs === null ? '' : formatDuration(runMs)),
    },
    {
      ...{ key: 'attempts', head: 'Attempts', width: '88px', align: 'right', sort: sortBy('attempts') },
      cell: ({ stage }) => stage.attempts.length || '',
    },
    {
      ...{ key: 'critical', head: `Critical path${span}`, width: '150px', align: 'right', sort: sortBy('critical') },
      cell: ({ share }) => (share === null ? '' : `${Math.round(share * 100)} %`),
    },
  ];
  return (
    <div className="h-full overflow-auto" role="region" aria-label="Table of stages" tabIndex={0}>
      <div className="sm:min-w-300">
        <Table
          label="Stages"
          isDense
          columns={columns}
          items={rows}
          keyOf={({ stage }) => stage.id}
          isSelected={({ stage }) => stage.name === place.stage}
          empty={<EmptyState title="The run has no stages" />}
        />
      </div>
    </div>
  );
}

function StateCell({ stage, now }: { stage: StageObject; now: number }) {
  const state = stateOfStage(stage, now);
  return (
    <span className="flex items-center gap-2">
      <StatusIcon state={state} />
      <span className="truncate">{STATUS_LOOKS[state].word}</span>
    </span>
  );
}

function Reason({ stage }: { stage: StageObject }) {
  const message = reasonOf(stage)?.message ?? '';
  return <span title={message}>{message}</span>;
}

function list(names: readonly string[]) {
  const text = names.join(', ');
  return <span title={text}>{text}</span>;
}

function readSort(text: string | null): [Sort, boolean] {
  const sort = SORTS.find((one) => one === text?.replace(/^-/, ''));
  return [sort ?? 'file', text?.startsWith('-') ?? false];
}
