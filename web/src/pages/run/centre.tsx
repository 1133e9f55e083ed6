import { lazy, type ReactNode, Suspense } from 'react';
import type { GateObject, RunObject, StageObject } from '#core/rest.ts';
import { useKey } from '../../app/keys.ts';
import { PanelBoundary } from '../../app/panel-boundary.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { AfterAMoment, SkeletonRows } from '../../ui/skeleton.tsx';
import { type RunPlace, type TabName, TABS, type View, VIEWS } from './run-address.ts';
import { StageHead } from './stage/stage-head.tsx';
import { StageLog } from './stage/stage-log.tsx';
import { ApprovalsTab, GateCard } from './tabs/approvals-tab.tsx';
import { TemporalLink } from './temporal-link.tsx';
import { ViewLinks } from './view-links.tsx';

const GraphPanel = lazy(() => import('./views/graph-panel.tsx'));
const TimelinePanel = lazy(() => import('./views/timeline-panel.tsx'));
const TablePanel = lazy(() => import('./views/table-panel.tsx'));
const ArtifactsTab = lazy(async () => ({ default: (await import('./tabs/artifacts-tab.tsx')).ArtifactsTab }));
const TestsTab = lazy(async () => ({ default: (await import('./tabs/tests-tab.tsx')).TestsTab }));
const NotesTab = lazy(async () => ({ default: (await import('./tabs/notes-tab.tsx')).NotesTab }));
const EventsTab = lazy(async () => ({ default: (await import('./tabs/events-tab.tsx')).EventsTab }));
const PlanTab = lazy(async () => ({ default: (await import('./tabs/plan-tab.tsx')).PlanTab }));

interface CentreProps {
  run: RunObject;
  stages: readonly StageObject[];
  gates: readonly GateObject[];
  /** The one that is open: of the address, else the one to look at first. */
  stage: StageObject | null;
  place: RunPlace;
  now: number;
  onWhy(): void;
}

const LABELS: Record<View | TabName, string> = {
  ...{ log: 'Log', graph: 'Graph', timeline: 'Timeline', table: 'Table' },
  ...{ artifacts: 'Artifacts', tests: 'Tests', approvals: 'Approvals', notes: 'Notes', events: 'Events', plan: 'Plan' },
};

/** What fills most of the page: a view of the run, or a tab about it. */
export function Centre(props: CentreProps) {
  const { run, stages, gates, stage, place, now } = props;
  const { view, tab } = place;
  const setView = (next: View) => place.go({ view: next, tab: null });
  useKey({
    ...{ keys: 'v', label: 'Next view', group: 'This page' },
    run: () => setView(VIEWS[(VIEWS.indexOf(view) + 1) % VIEWS.length] ?? 'log'),
  });
  useKey({ keys: 'l', label: 'Log', group: 'This page', run: () => setView('log') });
  const open = gates.filter(({ status }) => status.kind === 'waiting').length;
  return (
    <section
      aria-label="Run"
      className="flex min-h-0 min-w-0 flex-1 flex-col max-lg:h-[75dvh] max-lg:min-h-120 max-lg:flex-none"
    >
      <nav aria-label="Views" className="flex flex-wrap items-center gap-x-4 border-b border-subtle px-3">
        <ViewLinks
          labels={LABELS}
          names={VIEWS}
          current={tab === null ? view : null}
          hrefOf={(name) => place.hrefOf({ view: name, tab: null })}
        />
        <span aria-hidden className="h-4 w-px bg-(--border-subtle)" />
        <ViewLinks
          labels={LABELS}
          names={TABS}
          current={tab}
          hrefOf={(name) => place.hrefOf({ tab: name })}
          counts={{ approvals: open }}
        />
        <TemporalLink run={run} stages={stages} />
      </nav>
      <div className="min-h-0 flex-1 overflow-hidden">
        <PanelBoundary
          what={`the ${LABELS[tab ?? view].toLowerCase()}`}
          resetKey={`${tab ?? view} ${stage?.name ?? ''}`}
        >
          <Suspense
            fallback={
              <AfterAMoment>
                <SkeletonRows rows={12} />
              </AfterAMoment>
            }
          >
            {tab === null ? <ViewPanel {...props} /> : <Scrolling>{renderTab(tab)}</Scrolling>}
          </Suspense>
        </PanelBoundary>
      </div>
    </section>
  );

  function renderTab(name: TabName): ReactNode {
    switch (name) {
      case 'approvals':
        return <ApprovalsTab gates={gates} now={now} />;
      case 'events':
        return <EventsTab run={run} />;
      case 'plan':
        return <PlanTab run={run} stages={stages} />;
      case 'artifacts':
        return <ArtifactsTab run={run} stage={place.stage} />;
      case 'tests':
        return <TestsTab run={run} stage={place.stage} />;
      case 'notes':
        return <NotesTab run={run} stage={place.stage} />;
      default:
        return name satisfies never;
    }
  }
}

function ViewPanel({ run, stages, gates, stage, place, now, onWhy }: CentreProps) {
  switch (place.view) {
    case 'graph':
      return <GraphPanel {...{ run, stages, place, now }} />;
    case 'timeline':
      return <TimelinePanel {...{ run, stages, gates, place, now }} />;
    case 'table':
      return <TablePanel {...{ run, stages, place, now }} />;
    case 'log':
      return <StagePanel {...{ run, stages, gates, stage, place, now, onWhy }} />;
    default:
      return place.view satisfies never;
  }
}

function StagePanel({ run, stages, gates, stage, place, now, onWhy }: CentreProps) {
  if (!stage) {
    return place.stage === null ? (
      <EmptyState title="The run has no stages" />
    ) : (
      <EmptyState title={`${run.label} has no stage ${place.stage}`}>Choose one of the list.</EmptyState>
    );
  }
  const gate = gates.find(({ name }) => name === stage.name);
  // A gate in front of a stage bears its name: until it is decided there is no log.
  const isAsking = gate !== undefined && (stage.kind === 'gate' || stage.attempts.length === 0);
  return (
    <div className="flex h-full min-h-0 flex-col">
      <StageHead {...{ run, stages, stage, place, now, onWhy }} />
      <div className="min-h-0 flex-1 overflow-auto">
        {isAsking ? (
          <div className="p-3">
            <GateCard gate={gate} now={now} />
          </div>
        ) : (
          <StageLog run={run} stage={stage} place={place} />
        )}
      </div>
    </div>
  );
}

function Scrolling({ children }: { children: ReactNode }) {
  return <div className="h-full overflow-auto">{children}</div>;
}
