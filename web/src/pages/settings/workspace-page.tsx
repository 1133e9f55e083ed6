import type { WorkspaceObject } from '#core/rest-workspaces.ts';
import { ActionButton } from '../../actions/action-button.tsx';
import { deleteWorkspace, transferWorkspace } from '../../actions/workspace.ts';
import { useLinked } from '../../app/linked.ts';
import { NotFound } from '../../app/not-found.tsx';
import { usePageHead } from '../../app/page.ts';
import { useWorkspace } from '../../app/place.ts';
import { useMe } from '../../data/me.ts';
import { useList } from '../../data/use-list.ts';
import { ErrorState } from '../../ui/error-state.tsx';
import { Panel } from '../../ui/panel.tsx';
import { AfterAMoment, SkeletonRows } from '../../ui/skeleton.tsx';
import { IncidentPanel } from './incident-panel.tsx';
import { RightsPanel } from './rights-panel.tsx';
import { SettingsFrame } from './settings-frame.tsx';
import { WorkspaceForm } from './workspace-form.tsx';

/** A workspace: its name, how long runs are kept, its share of starts, and its end (UI §4.13). */
export default function WorkspacePage() {
  usePageHead({ title: 'Settings' });
  const place = useWorkspace();
  const { data, error, isFetching, refetch } = useList<WorkspaceObject>('workspaces', {
    organization: place.organization,
  });
  const workspace = data?.items.find(({ id }) => id === place.id);
  const { data: me } = useMe();
  const owned = me?.organizations.filter(({ actions }) => actions.includes('organization:owners')) ?? [];
  const targets = owned.map(({ name }) => name).filter((name) => name !== place.organization);
  useLinked(workspace !== undefined);
  return (
    <SettingsFrame>
      {workspace ? (
        <>
          <WorkspaceForm key={workspace.id} workspace={workspace} />
          <IncidentPanel />
          <RightsPanel />
          <Panel title="Transfer the workspace">
            <div className="flex flex-wrap items-center justify-between gap-3 p-4">
              <p className="max-w-120 text-13 text-2">
                To another organization of which you are an owner, with all that is in it.
              </p>
              <ActionButton action={transferWorkspace} subject={{ id: workspace.id, workspace, targets }} />
            </div>
          </Panel>
          <Panel title="Delete the workspace">
            <div className="flex flex-wrap items-center justify-between gap-3 p-4">
              <p className="max-w-120 text-13 text-2">
                Its pipelines, runs, logs, artifacts, secrets and members go with it, for good.
              </p>
              <ActionButton action={deleteWorkspace} subject={{ id: workspace.id, workspace }} />
            </div>
          </Panel>
        </>
      ) : error ? (
        <ErrorState what="The settings could not be read" problem={error} onRetry={() => void refetch()} />
      ) : data && !isFetching ? (
        <NotFound what={`workspace ${place.path}`} />
      ) : (
        <AfterAMoment>
          <SkeletonRows rows={8} />
        </AfterAMoment>
      )}
    </SettingsFrame>
  );
}
