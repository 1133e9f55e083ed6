import { Pin } from 'lucide-react';
import { useState, type ReactNode } from 'react';
import { Link, useLocation } from 'wouter';
import type { PipelineObject } from '#core/rest-pipelines.ts';
import { ActionMenu } from '../../actions/action-button.tsx';
import { usePageActions } from '../../actions/page-actions.tsx';
import { pinPipeline, PIPELINE_ACTIONS, triggerPipeline, type PipelineSubject } from '../../actions/pipeline.ts';
import { usePins } from '../../app/pins.ts';
import { useWorkspace } from '../../app/place.ts';
import { Badge, StatusBadge } from '../../ui/badge.tsx';
import { Age, serverNow, Took } from '../../ui/moment.tsx';
import { stateOf } from '../../ui/state.ts';
import { Table, type Column } from '../../ui/table.tsx';
import { RunBars } from './run-bars.tsx';
import { sortOf, type Sort } from './sort.ts';
import { measurePipeline } from './statistics.ts';

const ROW_ACTIONS = [...PIPELINE_ACTIONS, pinPipeline];
/** Those that have a key on the row that has the focus. */
const ROW_KEYS = [triggerPipeline];

/** Pipelines as rows: state of the default branch, bars, median, pass rate with what it is made of. */
export function PipelineTable(props: {
  pipelines: readonly PipelineObject[] | undefined;
  sort: Sort;
  onSort(sort: Sort): void;
  empty: ReactNode;
  error: ReactNode;
}) {
  const { pipelines, sort, onSort, empty, error } = props;
  const pins = new Set(usePins().map(({ href }) => href));
  const { base } = useWorkspace();
  const [, goTo] = useLocation();
  const hrefOf = ({ name }: PipelineObject) => `${base}/pipelines/${encodeURIComponent(name)}`;
  const columns: Column<PipelineObject>[] = [
    {
      ...{ key: 'name', head: 'Pipeline', sort: sortOf('name', sort, onSort) },
      cell: (pipeline) => (
        <span className="flex min-w-0 items-center gap-2">
          <Link href={hrefOf(pipeline)} className="truncate rounded-4 font-medium text-1 no-underline hover:underline">
            {pipeline.name}
          </Link>
          {pins.has(hrefOf(pipeline)) ? (
            <Pin size={14} role="img" aria-label="Pinned" className="shrink-0 text-3" />
          ) : null}
          {pipeline.origin === 'sample' ? <Badge>Sample</Badge> : null}
          {pipeline.enabled ? null : <Badge>Disabled</Badge>}
          {pipeline.invalid ? <Invalid pipeline={pipeline} href={hrefOf(pipeline)} /> : null}
          {pipeline.file === null ? null : <Badge title={pipeline.file}>File</Badge>}
          <bdi className="shrink-9 truncate text-12 text-2">{pipeline.repository}</bdi>
        </span>
      ),
    },
    {
      ...{ key: 'state', head: 'State', width: '176px' },
      cell: (pipeline) => <Standing pipeline={pipeline} />,
    },
    {
      ...{ key: 'bars', head: 'Last 30 runs', width: '200px', isSecondary: true },
      cell: (pipeline) => (
        <span className="relative flex items-end">
          <RunBars runs={pipeline.recentRuns} label={`Last runs of ${pipeline.name}`} href={hrefOf(pipeline)} />
        </span>
      ),
    },
    {
      ...{ key: 'median', head: 'Median', width: '88px', align: 'right', sort: sortOf('median', sort, onSort) },
      cell: ({ recentRuns }) => <Median runs={recentRuns} />,
    },
    {
      ...{ key: 'rate', head: 'Passed', width: '96px', align: 'right', sort: sortOf('pass-rate', sort, onSort) },
      cell: ({ recentRuns }) => <PassRate runs={recentRuns} />,
    },
    {
      ...{ key: 'age', head: 'Started', width: '96px', isSecondary: true, sort: sortOf('last-run', sort, onSort) },
      cell: ({ lastRun }) => (lastRun ? <Age at={lastRun.createdAt} /> : ''),
    },
    {
      ...{ key: 'actions', head: 'Actions', isHeadHidden: true, width: '56px', align: 'right' },
      cell: (pipeline) => (
        <ActionMenu<PipelineSubject>
          label={`Actions of ${pipeline.name}`}
          actions={ROW_ACTIONS}
          subject={{ id: pipeline.id, pipeline, href: hrefOf(pipeline), goTo }}
        />
      ),
    },
  ];
  const [focused, setFocused] = useState<string | null>(null);
  const current = pipelines?.find(({ id }) => id === focused);
  usePageActions(ROW_KEYS, current ? { id: current.id, pipeline: current, href: hrefOf(current), goTo } : null);
  const follow = (target: EventTarget | null) => {
    const row = target instanceof Element ? target.closest<HTMLElement>('[data-row]') : null;
    setFocused(row?.dataset['row'] ?? null);
  };
  return (
    <div onFocus={({ target }) => follow(target)} onBlur={({ relatedTarget }) => follow(relatedTarget)}>
      <Table label="pipelines" columns={columns} items={pipelines} keyOf={({ id }) => id} empty={empty} error={error} />
    </div>
  );
}

/** Its state on its default branch, where it has one, and how many runs are open that this one is not. */
function Standing({ pipeline: { defaultBranch, defaultRun, lastRun, recentRuns } }: { pipeline: PipelineObject }) {
  if (!lastRun) return <span className="text-3">never ran</span>;
  const { open } = measurePipeline(recentRuns);
  const isTold = open === 1 && defaultRun !== null && defaultRun.status.kind !== 'ended';
  return (
    <span className="flex items-center gap-2">
      {defaultRun ? (
        <StatusBadge state={stateOf(defaultRun.status, 'run', serverNow())} />
      ) : (
        <span className="shrink-0 text-3">no run on</span>
      )}
      {defaultBranch === null ? null : (
        <bdi className="truncate text-12 text-2" title={defaultBranch}>
          {defaultBranch}
        </bdi>
      )}
      {open === 0 || isTold ? null : <span className="tabular shrink-0 text-12 text-2">{open} open</span>}
    </span>
  );
}

/** It keeps its row, and leads to its text with what is wrong (UI §4.2). */
function Invalid({ pipeline: { invalid, version }, href }: { pipeline: PipelineObject; href: string }) {
  const errors = invalid?.errors ?? 0;
  return (
    <Link
      href={`${href}?tab=file`}
      title={`${errors} ${errors === 1 ? 'error' : 'errors'}`}
      className="relative inline-flex h-6 shrink-0 items-center rounded-4 text-12 text-error-text"
    >
      file invalid at version {version}
    </Link>
  );
}

function Median({ runs }: { runs: PipelineObject['recentRuns'] }) {
  const { medianMs } = measurePipeline(runs);
  return medianMs === null ? <span className="text-3">–</span> : <Took ms={medianMs} />;
}

/** With few runs the two numbers, since a share of them says little. */
function PassRate({ runs }: { runs: PipelineObject['recentRuns'] }) {
  const { passedPercent, count } = measurePipeline(runs);
  if (passedPercent === null) return <span className="text-3">–</span>;
  const passed = Math.round((passedPercent * count) / 100);
  return (
    <span title={`${passed} of ${count} runs that passed or failed`}>
      {count < 10 ? `${passed} of ${count}` : `${passedPercent} %`}
    </span>
  );
}
