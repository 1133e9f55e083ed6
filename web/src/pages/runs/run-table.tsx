import type { ReactNode } from 'react';
import { Link } from 'wouter';
import { nameOfAuthor } from '#core/commit.ts';
import type { RunObject } from '#core/rest.ts';
import { ActionMenu } from '../../actions/action-button.tsx';
import { cancelRun, rerunRun, type RunSubject } from '../../actions/run.ts';
import { describeCause } from '../../data/describe-cause.ts';
import { StatusBadge } from '../../ui/badge.tsx';
import { Checkbox } from '../../ui/choice.tsx';
import { Age, Elapsed, serverNow } from '../../ui/moment.tsx';
import { stateOf } from '../../ui/state.ts';
import { Table, type Column } from '../../ui/table.tsx';

interface RunTableProps {
  runs: readonly RunObject[] | undefined;
  empty: ReactNode;
  error?: ReactNode;
  /** On a pipeline's own page its name says nothing. */
  withPipeline: boolean;
  selected: { has(id: string): boolean };
  onSelect(run: RunObject, isSelected: boolean): void;
}

const ROW_ACTIONS = [rerunRun, cancelRun];

/** Runs as rows: how each stands, what it is a run of, why there is it, how long it takes (UI §4.2). */
export function RunTable({ runs, empty, error, withPipeline, selected, onSelect }: RunTableProps) {
  const columns: Column<RunObject>[] = [
    {
      ...{ key: 'select', head: 'Select', isHeadHidden: true, width: '36px', isSecondary: true },
      cell: (run) => (
        <span className="relative">
          <Checkbox
            label={<span className="sr-only">Select {run.label}</span>}
            isChecked={selected.has(run.id)}
            onChange={(isSelected) => onSelect(run, isSelected)}
          />
        </span>
      ),
    },
    {
      ...{ key: 'state', head: 'State', width: '160px' },
      cell: (run) => <StatusBadge state={stateOf(run.status, 'run', serverNow())} />,
    },
    {
      ...{ key: 'run', head: 'Run', width: withPipeline ? '15%' : '80px' },
      cell: (run) => (
        <Link href={run.url} className="rounded-4 font-medium text-1 no-underline hover:underline">
          {withPipeline ? `${run.pipeline.name} ` : ''}
          <span className="tabular">
            #{run.number}
            {run.attempt > 1 ? `.${run.attempt}` : ''}
          </span>
        </Link>
      ),
    },
    { ...{ key: 'commit', head: 'Commit', isSecondary: true }, cell: (run) => <Commit run={run} /> },
    {
      ...{ key: 'branch', head: 'Branch', width: '9%' },
      cell: ({ branch }) => <span title={branch ?? undefined}>{branch}</span>,
    },
    { ...{ key: 'cause', head: 'Cause', width: '13%', isWide: true }, cell: describeCause },
    { ...{ key: 'age', head: 'Created', width: '84px' }, cell: (run) => <Age at={run.createdAt} /> },
    {
      ...{ key: 'waited', head: 'Waited', width: '64px', align: 'right', isWide: true },
      cell: (run) => <Waited run={run} />,
    },
    {
      ...{ key: 'took', head: 'Duration', width: '80px', align: 'right' },
      cell: (run) => (run.startedAt === null ? '' : <Elapsed from={run.startedAt} to={run.endedAt} />),
    },
    {
      ...{ key: 'actions', head: 'Actions', isHeadHidden: true, width: '52px', align: 'right' },
      cell: (run) => (
        <ActionMenu<RunSubject> label={`Actions of ${run.label}`} actions={ROW_ACTIONS} subject={{ id: run.id, run }} />
      ),
    },
  ];
  return (
    <Table
      label="runs"
      columns={columns}
      items={runs}
      keyOf={(run) => run.id}
      empty={empty}
      error={error}
      isSelected={(run) => selected.has(run.id)}
    />
  );
}

/** Its subject and who wrote it, else its seven digits; all of it for who points at it. */
function Commit({ run: { commit, git } }: { run: RunObject }) {
  if (commit === null) return '';
  const short = commit.slice(0, 7);
  const words = [git?.subject, git?.author ? nameOfAuthor(git.author) : ''].filter(Boolean).join(' · ');
  if (words === '') return <code className="font-mono text-12 text-2">{short}</code>;
  return <bdi title={`${short} ${words}`}>{words}</bdi>;
}

/** From its acceptance to its first stage; of one that never began there is no such time. */
function Waited({ run: { createdAt, startedAt, endedAt } }: { run: RunObject }) {
  return startedAt === null && endedAt !== null ? '' : <Elapsed from={createdAt} to={startedAt} />;
}
