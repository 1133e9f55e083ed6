import { useMemo } from 'react';
import { useSearchParams } from 'wouter';
import { formatDuration } from '#core/duration.ts';
import type { RunObject, StageObject } from '#core/rest.ts';
import { findCriticalPath } from '../../../graph/critical-path.ts';
import { EmptyState } from '../../../ui/empty-state.tsx';
import { Table } from '../../../ui/table.tsx';
import type { RunPlace } from '../run-address.ts';
import { useTimeline } from '../use-timeline.ts';
import { listColumns } from './table-columns.tsx';
import { listTableRows, type Sort, SORTS, sortRows } from './table-rows.ts';
import { toGraphStage } from './to-graph-stage.ts';

interface TablePanelProps {
  run: RunObject;
  stages: readonly StageObject[];
  place: RunPlace;
  now: number;
}

/** All that graph and timeline show, as a table: sorted by any column, which stands in the address. */
export default function TablePanel({ run, stages, place, now: tick }: TablePanelProps) {
  // While no clock runs in it a table of many rows is not drawn again by every second.
  const now = stages.some(({ status: { kind } }) => kind === 'running' || kind === 'cancelling') ? tick : 0;
  const [search, setSearch] = useSearchParams();
  const [sort, isDescending] = readSort(search.get('sort'));
  const { data } = useTimeline(run.id, stages);
  const queuedAt = useMemo(
    () => new Map(data?.spans.flatMap(({ attempt, name, queuedAt: at }) => (attempt === 1 && at ? [[name, at]] : []))),
    [data],
  );
  const critical = useMemo(
    () =>
      findCriticalPath(
        stages.map((stage) => toGraphStage(stage)),
        now,
      ),
    [stages, now],
  );
  const rows = useMemo(
    () => sortRows(listTableRows(stages, queuedAt, critical, now), sort, isDescending, now),
    [stages, queuedAt, critical, sort, isDescending, now],
  );
  const span = critical.spanMs > 0 ? ` of ${formatDuration(critical.spanMs)}` : '';
  const columns = useMemo(
    () => listColumns({ sort, isDescending, setSearch, place, span, now }),
    [sort, isDescending, setSearch, place, span, now],
  );
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

function readSort(text: string | null): [Sort, boolean] {
  const sort = SORTS.find((one) => one === text?.replace(/^-/, ''));
  return [sort ?? 'file', text?.startsWith('-') ?? false];
}
