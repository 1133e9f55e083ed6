import { useQueryClient } from '@tanstack/react-query';
import { CircleCheck, CircleX, TriangleAlert, type LucideIcon } from 'lucide-react';
import { HEALTH_STATES, type HealthFact, type HealthObject, type HealthState } from '#core/rest-health.ts';
import { useLinked } from '../../app/linked.ts';
import { get } from '../../data/http.ts';
import { useLiveQuery } from '../../data/live-queries.ts';
import { useTopic } from '../../data/stream.ts';
import { EmptyState } from '../../ui/empty-state.tsx';
import { ErrorState, InlineProblem } from '../../ui/error-state.tsx';
import { Clock } from '../../ui/moment.tsx';
import { Panel } from '../../ui/panel.tsx';
import type { Hue } from '../../ui/status-look.ts';
import { Table, type Column } from '../../ui/table.tsx';

const LOOKS: Record<HealthState, { icon: LucideIcon; word: string; hue: Hue }> = {
  ok: { icon: CircleCheck, word: 'Well', hue: 'success' },
  warn: { icon: TriangleAlert, word: 'Look at it', hue: 'warning' },
  bad: { icon: CircleX, word: 'Broken', hue: 'error' },
};

const COLUMNS: readonly Column<HealthFact>[] = [
  {
    ...{ key: 'state', head: 'State', width: '132px' },
    cell: ({ state }) => <StateBadge state={state} />,
  },
  {
    ...{ key: 'what', head: 'What', width: '28%' },
    cell: ({ id, label }) => (
      <a href={`#${id}`} className="text-1 hover:underline">
        {label}
      </a>
    ),
  },
  {
    ...{ key: 'value', head: 'Value' },
    cell: ({ value, remedy }) => (
      <span className="block min-w-0 py-1 whitespace-normal">
        {value}
        {remedy ? <span className="block text-12 text-2">{remedy}</span> : null}
      </span>
    ),
  },
  {
    ...{ key: 'limit', head: 'Should be', width: '16%', isSecondary: true },
    cell: ({ limit }) => limit ?? <span className="text-2">–</span>,
  },
  { ...{ key: 'at', head: 'At', width: '104px', isSecondary: true }, cell: ({ at }) => <Clock at={at} /> },
];

const KEY = ['health'] as const;

/** What can be wrong with the installation, the worst first; live. */
export function FactsPanel() {
  const queries = useQueryClient();
  const { data, error, refetch } = useLiveQuery({
    key: KEY,
    load: (signal) => get<HealthObject>('system/health', {}, signal),
  });
  useTopic('health', data ? 0 : undefined, (events) => {
    for (const event of events) {
      if (event.event === 'state' && event.kind === 'health') queries.setQueryData(KEY, event.object);
    }
    // Who works, and whether runs start, is told with it.
    void queries.invalidateQueries({ queryKey: ['list', 'executors'] });
    void queries.invalidateQueries({ queryKey: ['list', 'system/maintenance'] });
  });
  const linked = useLinked(data !== undefined);
  return (
    <Panel
      title={<>Health {data ? <StateBadge state={data.status} /> : null}</>}
      actions={data ? <span className="text-12 text-2">BuildIt {data.version}</span> : null}
    >
      {data && error ? <InlineProblem problem={error} onRetry={() => void refetch()} /> : null}
      <Table
        label="health facts"
        columns={COLUMNS}
        items={data?.facts.toSorted((a, b) => HEALTH_STATES.indexOf(b.state) - HEALTH_STATES.indexOf(a.state))}
        keyOf={({ id }) => id}
        isSelected={({ id }) => id === linked}
        error={
          !data && error ? (
            <ErrorState what="The health could not be read" problem={error} onRetry={() => void refetch()} />
          ) : null
        }
        empty={<EmptyState title="Nothing is measured" />}
      />
    </Panel>
  );
}

function StateBadge({ state }: { state: HealthState }) {
  const { icon: Icon, word, hue } = LOOKS[state];
  return (
    <span
      data-hue={hue}
      className="inline-flex h-5 items-center gap-1 rounded-4 bg-hue-tint px-1.5 text-12 font-medium text-hue-text"
    >
      <Icon size={14} aria-hidden className="text-hue" />
      {word}
    </span>
  );
}
