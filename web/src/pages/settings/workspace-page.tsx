import { useState } from 'react';
import type { WorkspaceObject } from '#core/rest-workspaces.ts';
import { ActionButton } from '../../actions/action-button.tsx';
import { deleteWorkspace } from '../../actions/workspace.ts';
import { usePageHead } from '../../app/page.ts';
import { useWorkspace } from '../../app/place.ts';
import { write } from '../../data/http.ts';
import { useList } from '../../data/use-list.ts';
import { useSubmit } from '../../data/use-submit.ts';
import { ErrorState } from '../../ui/error-state.tsx';
import { TextField } from '../../ui/field.tsx';
import { Panel } from '../../ui/panel.tsx';
import { AfterAMoment, SkeletonRows } from '../../ui/skeleton.tsx';
import { showToast } from '../../ui/toast.tsx';
import { FormPanel, reasonOf } from './form-panel.tsx';
import { RightsPanel } from './rights-panel.tsx';
import { SettingsFrame } from './settings-frame.tsx';

/** A workspace: its name, how long runs are kept, its share of starts, and its end (UI §4.13). */
export default function WorkspacePage() {
  usePageHead({ title: 'Settings' });
  const place = useWorkspace();
  const { data, error, refetch } = useList<WorkspaceObject>('workspaces', { organization: place.organization });
  const workspace = data?.items.find(({ id }) => id === place.id);
  return (
    <SettingsFrame>
      {workspace ? (
        <>
          <WorkspaceForm key={workspace.version} workspace={workspace} />
          <RightsPanel />
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
      ) : (
        <AfterAMoment>
          <SkeletonRows rows={8} />
        </AfterAMoment>
      )}
    </SettingsFrame>
  );
}

function WorkspaceForm({ workspace }: { workspace: WorkspaceObject }) {
  const { id, organization, version, can } = workspace;
  const before = workspace.name.slice(organization.length + 1);
  const [name, setName] = useState(before);
  const [days, setDays] = useState(String(workspace.retentionDays));
  const [weight, setWeight] = useState(String(workspace.weight));
  const change = {
    ...(name === before ? {} : { name }),
    ...(days === String(workspace.retentionDays) ? {} : { retentionDays: Number(days) }),
    ...(weight === String(workspace.weight) ? {} : { weight: Number(weight) }),
  };
  const form = useSubmit(
    async (key) => {
      await write('PATCH', `workspaces/${id}`, change, { key, ifMatch: `"${version}"` });
      // Its addresses have its name in them.
      if (change.name !== undefined) return location.assign(`/${organization}/${name}/settings`);
      showToast({ kind: 'done', text: 'The workspace is saved' });
    },
    ['workspaces'],
  );
  const refusal = reasonOf(can.update);
  const weightRefusal = refusal ?? reasonOf(can.quotas);
  return (
    <FormPanel
      title="General"
      isBusy={form.isBusy}
      problem={form.problem}
      disabledReason={refusal ?? (Object.keys(change).length === 0 ? 'nothing is changed' : null)}
      onSubmit={form.submit}
    >
      <TextField
        label="Name"
        value={name}
        autoComplete="off"
        spellCheck={false}
        {...(refusal ? { origin: refusal } : {})}
        hint={
          name === before
            ? `Its address is /${organization}/${name}.`
            : `Its address becomes /${organization}/${name}; the one it has now ends.`
        }
        onChange={(event) => setName(event.target.value)}
      />
      <TextField
        label="Runs are kept, days"
        type="number"
        min={1}
        max={3650}
        value={days}
        {...(refusal ? { origin: refusal } : {})}
        hint="1 to 3650, from the end of a run on."
        onChange={(event) => setDays(event.target.value)}
      />
      <TextField
        label="Share of starts"
        type="number"
        min={1}
        max={1000}
        value={weight}
        {...(weightRefusal ? { origin: weightRefusal } : {})}
        hint="1 to 1000: against other workspaces that wait too. With 2 it starts twice as much as one with 1."
        onChange={(event) => setWeight(event.target.value)}
      />
    </FormPanel>
  );
}
