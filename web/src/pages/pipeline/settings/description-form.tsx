import { useQueryClient } from '@tanstack/react-query';
import type { PipelineObject, PipelineWithText } from '#core/rest-pipelines.ts';
import { write } from '../../../data/http.ts';
import { useSubmit } from '../../../data/use-submit.ts';
import { Button } from '../../../ui/button.tsx';
import { problemOf } from '../../../ui/describe-failure.ts';
import { InlineProblem } from '../../../ui/error-state.tsx';
import { TextField } from '../../../ui/field.tsx';
import { Panel } from '../../../ui/panel.tsx';
import { showToast } from '../../../ui/toast.tsx';
import { diffLines } from '../edit/diff-lines.ts';
import { DiffView } from '../edit/diff-view.tsx';
import { useTextDraft } from './use-text-draft.ts';

/** Name and description. What changes is shown before it is saved; what somebody else saved meanwhile, beside it. */
export function DescriptionForm({ pipeline }: { pipeline: PipelineWithText }) {
  const queries = useQueryClient();
  const { description, seq, can } = pipeline;
  const draft = useTextDraft(`${pipeline.id}.description`, { text: description, seq });
  const refusal = can.write === true ? null : can.write.no;
  const form = useSubmit(async (key) => {
    const path = `pipelines/${pipeline.id}`;
    // Its text or its state may have changed meanwhile; only another description stands against this one.
    const ifMatch = `"${draft.isStale ? draft.seq : seq}"`;
    try {
      const { body } = await write<PipelineObject>('PATCH', path, { description: draft.text }, { key, ifMatch });
      queries.setQueryData<PipelineWithText>(
        ['pipeline', pipeline.workspace, pipeline.name],
        (old) => old && { ...old, ...body },
      );
      draft.discard();
      showToast({ kind: 'done', text: `${pipeline.name} is saved` });
    } catch (thrown) {
      if (problemOf(thrown)?.status === 412) {
        await queries.invalidateQueries({ queryKey: ['pipeline', pipeline.workspace, pipeline.name] });
      }
      throw thrown;
    }
  });
  const reason =
    refusal ??
    (draft.isStale ? 'somebody has saved another description meanwhile' : draft.isDirty ? null : 'nothing is changed');
  const submit = () => reason === null && form.submit();
  return (
    <Panel title="General">
      <form
        noValidate
        className="flex max-w-160 flex-col gap-4 p-4"
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
        onKeyDown={(event) => {
          if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return;
          event.preventDefault();
          submit();
        }}
      >
        <TextField
          label="Name"
          value={pipeline.name}
          origin="Given when it was made: it stands in addresses and in the labels of runs."
        />
        <TextField
          label="Description"
          required={false}
          maxLength={1_000}
          value={draft.text}
          {...(refusal ? { origin: refusal } : {})}
          onChange={(event) => draft.change(event.target.value)}
        />
        {draft.isDirty ? <DiffView lines={diffLines(draft.base, draft.text)} /> : null}
        {draft.isStale ? (
          <Conflict
            present={description}
            onKeep={draft.rebase}
            onTake={() => {
              draft.discard();
            }}
          />
        ) : form.problem ? (
          <InlineProblem problem={form.problem} />
        ) : null}
        <div className="flex flex-wrap gap-2">
          <Button type="submit" variant="primary" isBusy={form.isBusy} disabledReason={reason} kbd="Ctrl Enter">
            Save
          </Button>
          {draft.isDirty ? <Button onClick={draft.discard}>Discard changes</Button> : null}
        </div>
      </form>
    </Panel>
  );
}

/** Both versions, and the two ways on. */
function Conflict({ present, onKeep, onTake }: { present: string; onKeep(): void; onTake(): void }) {
  return (
    <div
      role="alert"
      data-hue="warning"
      className="flex flex-col gap-2 rounded-6 bg-hue-tint p-3 text-13 text-hue-text"
    >
      <p>Somebody has saved another description meanwhile:</p>
      <p className="font-mono text-12 break-words text-1">{present || 'none'}</p>
      <p className="flex flex-wrap gap-2">
        <Button size="dense" onClick={onKeep}>
          Compare with it and go on
        </Button>
        <Button size="dense" onClick={onTake}>
          Take theirs
        </Button>
      </p>
    </div>
  );
}
