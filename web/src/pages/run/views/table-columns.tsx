import { Link, type useSearchParams } from 'wouter';
import { formatDuration } from '#core/duration.ts';
import type { StageObject } from '#core/rest.ts';
import { Clock } from '../../../ui/moment.tsx';
import { StatusIcon } from '../../../ui/status-icon.tsx';
import { STATUS_LOOKS } from '../../../ui/status-look.ts';
import type { Column } from '../../../ui/table.tsx';
import type { RunPlace } from '../run-address.ts';
import { reasonOf, stateOfStage } from '../stage/stage-words.ts';
import { describeLeg } from '../tree/tree-rows.ts';
import type { Sort, TableRow } from './table-rows.ts';

interface ColumnsFor {
  sort: Sort;
  isDescending: boolean;
  setSearch: ReturnType<typeof useSearchParams>[1];
  place: RunPlace;
  /** Of the critical path, for its head. */
  span: string;
  now: number;
}

/** What the table says of a stage; sorted by a column when its head is pressed. */
export function listColumns({ sort, isDescending, setSearch, place, span, now }: ColumnsFor): Column<TableRow>[] {
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
  return [
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
