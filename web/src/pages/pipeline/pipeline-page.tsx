import { lazy, Suspense } from 'react';
import { useLocation, useParams, useSearchParams } from 'wouter';
import type { PipelineWithText } from '#core/rest-pipelines.ts';
import { usePageActions } from '../../actions/page-actions.tsx';
import { PIPELINE_ACTIONS, type PipelineSubject } from '../../actions/pipeline.ts';
import { useKey } from '../../app/keys.ts';
import { NotFound } from '../../app/not-found.tsx';
import { usePageHead } from '../../app/page.ts';
import { PanelBoundary } from '../../app/panel-boundary.tsx';
import { useWorkspace } from '../../app/place.ts';
import { problemOf } from '../../ui/describe-failure.ts';
import { EmptyState } from '../../ui/empty-state.tsx';
import { ErrorState } from '../../ui/error-state.tsx';
import { serverNow } from '../../ui/moment.tsx';
import { AfterAMoment, SkeletonRows } from '../../ui/skeleton.tsx';
import { stateOf } from '../../ui/state.ts';
import { Tabs } from '../../ui/tabs.tsx';
import { RunBars } from '../pipelines/run-bars.tsx';
import { RunList } from '../runs/run-list.tsx';
import { GroupsPanel } from './groups/groups-panel.tsx';
import { PipelineHead } from './pipeline-head.tsx';
import { TriggerDialog } from './trigger/trigger-dialog.tsx';
import { useIsKnown } from './use-is-known.ts';
import { usePipeline } from './use-pipeline.ts';

const PipelineGraphTab = lazy(() => import('./graph-tab.tsx'));
const FileTab = lazy(() => import('./file-tab.tsx'));

const TABS = [
  { name: 'runs', label: 'Runs' },
  { name: 'graph', label: 'Graph' },
  { name: 'file', label: 'File' },
] as const;

/** How a pipeline fares, and what starts it (UI §4.3). */
export default function PipelinePage() {
  const place = useWorkspace();
  const { pipeline: encoded = '' } = useParams();
  const name = decodeURIComponent(encoded);
  const [search, setSearch] = useSearchParams();
  const [, goTo] = useLocation();
  const { data, error, refetch } = usePipeline(place.path, name);
  const isKnown = useIsKnown(data);
  const href = `${place.base}/pipelines/${encodeURIComponent(name)}`;
  const state = data?.defaultRun ? stateOf(data.defaultRun.status, 'run', serverNow()) : null;
  usePageHead({
    title: name,
    area: 'Pipelines',
    crumbs: [{ label: 'Pipelines', href: `${place.base}/pipelines` }],
    state,
  });
  const subject: PipelineSubject | null = data ? { id: data.id, pipeline: data, href, goTo } : null;
  usePageActions(PIPELINE_ACTIONS, subject);
  const tab = TABS.find((one) => one.name === search.get('tab'))?.name ?? 'runs';
  const select = (next: string) => setSearch(next === 'runs' ? {} : { tab: next });
  useKey({
    ...{ keys: 'v', label: 'Next tab', group: 'This page' },
    run: () => select(TABS[(TABS.findIndex(({ name: one }) => one === tab) + 1) % TABS.length]?.name ?? 'runs'),
  });
  if (!data && error) {
    if (problemOf(error)?.status === 404) return <NotFound what={`pipeline ${name}`} />;
    return <ErrorState what="The pipeline could not be read" problem={error} onRetry={() => void refetch()} />;
  }
  if (!data || !subject || !isKnown) {
    return (
      <AfterAMoment>
        <SkeletonRows rows={12} />
      </AfterAMoment>
    );
  }
  return (
    <div className="flex min-h-full flex-col gap-4 p-6 max-sm:p-4">
      <PipelineHead pipeline={data} subject={subject} />
      <PanelBoundary what="the concurrency groups" resetKey={data.id}>
        <GroupsPanel pipeline={data} />
      </PanelBoundary>
      <Tabs label={name} tabs={TABS} selected={tab} onSelect={select} className="flex-1">
        <PanelBoundary what={`the tab ${tab}`} resetKey={tab}>
          <Suspense fallback={<SkeletonRows rows={8} />}>
            {tab === 'runs' ? <Runs pipeline={data} href={href} /> : null}
            {tab === 'graph' ? <PipelineGraphTab pipeline={data} href={href} /> : null}
            {tab === 'file' ? <FileTab pipeline={data} /> : null}
          </Suspense>
        </PanelBoundary>
      </Tabs>
      {search.has('trigger') && data.can.trigger === true ? (
        <TriggerDialog
          key={data.id}
          subject={{ ...subject, params: readParams(search) }}
          onClose={() => setSearch(withoutTrigger, { replace: true })}
        />
      ) : null}
    </div>
  );
}

/** `param.version=1.2` of a link that opens the dialog (UI §4.3). */
function readParams(search: URLSearchParams): Record<string, string> {
  return Object.fromEntries([...search].flatMap(([key, value]) => (isParam(key) ? [[key.slice(6), value]] : [])));
}

function withoutTrigger(search: URLSearchParams): URLSearchParams {
  return new URLSearchParams([...search].filter(([key]) => key !== 'trigger' && !isParam(key)));
}

function isParam(key: string): boolean {
  return key.startsWith('param.');
}

function Runs({ pipeline, href }: { pipeline: PipelineWithText; href: string }) {
  return (
    <div className="flex flex-col gap-3 pt-4">
      {pipeline.recentRuns.length > 0 ? (
        <RunBars runs={pipeline.recentRuns} label={`Last runs of ${pipeline.name}`} href={href} />
      ) : null}
      <section aria-label="Runs" className="rounded-8 border border-subtle bg-raised">
        <RunList
          filter={{ pipeline: pipeline.id }}
          withPipeline={false}
          empty={
            <EmptyState title="It has not run yet" command={`buildit trigger ${pipeline.name}`}>
              Trigger it above, or with the command.
            </EmptyState>
          }
        />
      </section>
    </div>
  );
}
