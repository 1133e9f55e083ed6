import { useState } from 'react';
import type { WorkspaceObject } from '#core/rest-workspaces.ts';
import { ActionButton } from '../../actions/action-button.tsx';
import { deleteWorkspace } from '../../actions/workspace.ts';
import { useLinked } from '../../app/linked.ts';
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
import { IncidentPanel } from './incident-panel.tsx';
import { RightsPanel } from './rights-panel.tsx';
import { SettingsFrame } from './settings-frame.tsx';

/** A workspace: its name, how long runs are kept, its share of starts, and its end (UI §4.13). */
export default function WorkspacePage() {
  usePageHead({ title: 'Settings' });
  const place = useWorkspace();
  const { data, error, refetch } = useList<WorkspaceObject>('workspaces', { organization: place.organization });
  const workspace = data?.items.find(({ id }) => id === place.id);
  useLinked(workspace !== undefined);
  return (
    <SettingsFrame>
      {workspace ? (
        <>
          <WorkspaceForm key={`${workspace.id} ${workspace.version}`} workspace={workspace} />
          <IncidentPanel />
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
  const isWrong = !isWhole(days, 3_650) || !isWhole(weight, 1_000);
  const weightRefusal = refusal ?? reasonOf(can.quotas);
  return (
    <FormPanel
      title="General"
      isBusy={form.isBusy}
      problem={form.problem}
      disabledReason={
        refusal ?? (Object.keys(change).length === 0 ? 'nothing is changed' : isWrong ? 'a number is wrong' : null)
      }
      onSubmit={form.submit}
    >
      <TextField
        label="Name"
        name="name"
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
      <NumberField
        label="Runs are kept, days"
        name="retention"
        most={3_650}
        value={days}
        refusal={refusal}
        hint={`1 to 3650, from the end of a run on. ${originOf(workspace.retentionDays, DEFAULTS.retentionDays)}`}
        onChange={setDays}
      />
      <NumberField
        label="Share of starts"
        name="weight"
        most={1_000}
        value={weight}
        refusal={weightRefusal}
        hint={`1 to 1000: against other workspaces that wait too. With 2 it starts twice as much as one with 1. ${originOf(workspace.weight, DEFAULTS.weight)}`}
        onChange={setWeight}
      />
    </FormPanel>
  );
}

/** What a workspace has that nobody has changed (`workspaces` of the database). */
const DEFAULTS = { retentionDays: 90, weight: 1 };

function originOf(value: number, standard: number): string {
  return value === standard ? `${standard} is the default.` : `Set for this workspace; the default is ${standard}.`;
}

function isWhole(text: string, most: number): boolean {
  return /^\d{1,4}$/.test(text) && Number(text) >= 1 && Number(text) <= most;
}

/** A whole number from 1 on; looked at when the field is left. */
function NumberField(props: {
  label: string;
  /** For links to it. */
  name: string;
  most: number;
  value: string;
  refusal: string | null;
  hint: string;
  onChange(text: string): void;
}) {
  const { label, name, most, value, refusal, hint, onChange } = props;
  const [isLeft, setLeft] = useState(false);
  return (
    <TextField
      {...{ label, name }}
      type="number"
      min={1}
      max={most}
      value={value}
      {...(refusal ? { origin: refusal } : {})}
      error={isLeft && !isWhole(value, most) ? `This is a whole number from 1 to ${most}.` : null}
      hint={hint}
      onBlur={() => setLeft(true)}
      onChange={(event) => onChange(event.target.value)}
    />
  );
}
