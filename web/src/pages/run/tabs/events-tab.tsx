import { useState } from 'react';
import type { RunObject } from '#core/rest.ts';
import { EmptyState } from '../../../ui/empty-state.tsx';
import { ErrorState } from '../../../ui/error-state.tsx';
import { Clock } from '../../../ui/moment.tsx';
import { SkeletonRows } from '../../../ui/skeleton.tsx';
import { stateOf } from '../../../ui/state.ts';
import { StatusIcon } from '../../../ui/status-icon.tsx';
import { STATUS_LOOKS } from '../../../ui/status-look.ts';
import { type Column, Table } from '../../../ui/table.tsx';
import { actorOf, describeEvent, idOf, readEvents, type RunEvent, statesAsOf } from './list-events.ts';
import { useRunPart } from './use-run-part.ts';

const COLUMNS: Column<RunEvent>[] = [
  { key: 'seq', head: 'No.', width: '64px', align: 'right', cell: ({ seq }) => seq },
  { key: 'at', head: 'Time', width: '96px', cell: ({ at }) => <Clock at={at} /> },
  { key: 'what', head: 'Of', width: '28%', cell: ({ kind, name }) => (kind === 'run' ? 'the run' : name) },
  {
    key: 'event',
    head: 'Event',
    cell: (event) => (
      <span className="flex items-center gap-2">
        <StatusIcon state={stateOf(event.status, event.kind, Date.parse(event.at))} size={14} />
        <span className="truncate">{describeEvent(event)}</span>
      </span>
    ),
  },
  { key: 'actor', head: 'By', width: '140px', isSecondary: true, cell: (event) => actorOf(event) ?? '' },
];

/** The history of a run, and the run as of any of its events. */
export function EventsTab({ run }: { run: RunObject }) {
  const { data, error, refetch } = useRunPart<RunEvent[]>({
    ...{ name: 'run-events', run },
    load: (signal, known) => readEvents(run.id, signal, known),
  });
  const [at, setAt] = useState<number | null>(null);
  if (error && !data)
    return <ErrorState what="The events could not be read" problem={error} onRetry={() => void refetch()} />;
  if (!data) return <SkeletonRows />;
  if (data.length === 0) return <EmptyState title="Nothing has happened yet" />;
  const index = Math.min(at ?? data.length - 1, data.length - 1);
  const event = data[index];
  return (
    <div className="flex h-full min-h-0 flex-col">
      {event ? <AsOf events={data} event={event} index={index} onIndex={setAt} /> : null}
      <div className="min-h-0 flex-1 overflow-auto">
        <Table
          label="Events"
          isDense
          columns={COLUMNS}
          items={data.toReversed()}
          keyOf={idOf}
          isSelected={(one) => one === event}
          empty={null}
        />
      </div>
    </div>
  );
}

function AsOf(props: { events: readonly RunEvent[]; event: RunEvent; index: number; onIndex(index: number): void }) {
  const { events, event, index, onIndex } = props;
  const states = statesAsOf(events, event.seq);
  return (
    <div className="flex flex-col gap-2 border-b border-subtle bg-raised px-3 py-2">
      <label className="flex items-center gap-3 text-13">
        <span className="shrink-0">The run as of</span>
        <input
          type="range"
          min={0}
          max={events.length - 1}
          value={index}
          aria-valuetext={`event ${event.seq}: ${event.name || 'the run'} ${describeEvent(event)}`}
          onChange={(change) => onIndex(Number(change.target.value))}
          className="min-w-0 flex-1 accent-fill-primary"
        />
        <span className="tabular w-40 shrink-0 text-2">
          event {event.seq}, <Clock at={event.at} />
        </span>
      </label>
      <ul aria-label="Stages as of the event" className="flex max-h-24 flex-wrap gap-x-3 gap-y-1 overflow-auto text-12">
        {states.map(({ name, kind, status }) => {
          const state = stateOf(status, kind, Date.parse(event.at));
          return (
            <li key={name} className="flex items-center gap-1">
              <StatusIcon state={state} size={12} />
              {name}
              <span className="text-2">{STATUS_LOOKS[state].word.toLowerCase()}</span>
            </li>
          );
        })}
      </ul>
    </div>
  );
}
