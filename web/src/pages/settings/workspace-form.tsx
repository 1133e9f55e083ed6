import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { WorkspaceObject } from '#core/rest-workspaces.ts';
import type { Page } from '#core/rest.ts';
import { write } from '../../data/http.ts';
import { useSubmit } from '../../data/use-submit.ts';
import { Conflict, describeMeanwhile } from '../../ui/conflict.tsx';
import { problemOf } from '../../ui/describe-failure.ts';
import { TextField } from '../../ui/field.tsx';
import { showToast } from '../../ui/toast.tsx';
import { FormPanel, reasonOf } from './form-panel.tsx';
import {
  changeOf,
  differs,
  fieldsOf,
  rebaseDraft,
  settleDraft,
  type WorkspaceDraft,
  type WorkspaceFields,
} from './workspace-draft.ts';

const LIST = ['list', 'workspaces'];

/** Name, retention and share of starts. What somebody else saves meanwhile takes nothing of what is typed. */
export function WorkspaceForm({ workspace }: { workspace: WorkspaceObject }) {
  const queries = useQueryClient();
  const { id, organization, can } = workspace;
  const [typed, setTyped] = useState<WorkspaceDraft | null>(null);
  const isDirty = typed !== null && differs(typed.fields, typed.base);
  const draft = isDirty ? typed : { fields: fieldsOf(workspace), base: workspace };
  const { fields, base } = draft;
  const isStale = differs(fieldsOf(workspace), base);
  const change = changeOf(fields, base);
  const form = useSubmit(
    async (key) => {
      // Only another value stands against this one.
      const ifMatch = `"${(isStale ? base : workspace).version}"`;
      try {
        const { body } = await write<WorkspaceObject>('PATCH', `workspaces/${id}`, change, { key, ifMatch });
        // Its addresses have its name in them.
        if (change.name !== undefined) return location.assign(`/${organization}/${change.name}/settings`);
        queries.setQueriesData<Page<WorkspaceObject>>(
          { queryKey: LIST },
          (old) => old && { ...old, items: old.items.map((one) => (one.id === id ? body : one)) },
        );
        setTyped((now) => settleDraft(now, fields, body));
        showToast({ kind: 'done', text: 'The workspace is saved' });
      } catch (thrown) {
        // What is there now is read, and both are shown.
        if (problemOf(thrown)?.status === 412) await queries.invalidateQueries({ queryKey: LIST });
        throw thrown;
      }
    },
    ['workspaces'],
  );
  const set = (part: Partial<WorkspaceFields>) => setTyped({ base, fields: { ...fields, ...part } });
  const { name, days, weight } = fields;
  const refusal = reasonOf(can.update);
  const isWrong = !isWhole(days, 3_650) || !isWhole(weight, 1_000);
  const meanwhile = isStale ? describeMeanwhile(workspace.updatedBy, 'other settings') : null;
  const weightRefusal = refusal ?? reasonOf(can.quotas);
  return (
    <FormPanel
      title="General"
      isBusy={form.isBusy}
      problem={isStale ? null : form.problem}
      disabledReason={
        refusal ??
        (meanwhile && 'it was changed meanwhile') ??
        (!isDirty ? 'nothing is changed' : isWrong ? 'a number is wrong' : null)
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
          change.name === undefined
            ? `Its address is /${organization}/${name}.`
            : `Its address becomes /${organization}/${name}; the one it has now ends.`
        }
        onChange={(event) => set({ name: event.target.value })}
      />
      <NumberField
        label="Runs are kept, days"
        name="retention"
        most={3_650}
        value={days}
        refusal={refusal}
        hint={`1 to 3650, from the end of a run on. ${originOf(workspace.retentionDays, workspace.defaultRetentionDays)}`}
        onChange={(text) => set({ days: text })}
      />
      <NumberField
        label="Share of starts"
        name="weight"
        most={1_000}
        value={weight}
        refusal={weightRefusal}
        hint={`1 to 1000: against other workspaces that wait too. With 2 it starts twice as much as one with 1. ${originOf(workspace.weight, DEFAULT_WEIGHT)}`}
        onChange={(text) => set({ weight: text })}
      />
      {meanwhile ? (
        <Conflict
          title={meanwhile}
          present={describe(fieldsOf(workspace))}
          keepLabel="Keep what is typed"
          onKeep={() => setTyped(rebaseDraft(draft, workspace))}
          onTake={() => setTyped(null)}
        />
      ) : null}
    </FormPanel>
  );
}

function describe({ name, days, weight }: WorkspaceFields): string {
  return `Name: ${name}\nRuns are kept, days: ${days}\nShare of starts: ${weight}`;
}

/** Of a workspace that nobody has changed (`workspaces` of the database). */
const DEFAULT_WEIGHT = 1;

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
