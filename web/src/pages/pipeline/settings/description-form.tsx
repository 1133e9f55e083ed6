import { useQueryClient } from '@tanstack/react-query';
import type { PipelineObject, PipelineWithText } from '#core/rest-pipelines.ts';
import { write } from '../../../data/http.ts';
import { useSubmit } from '../../../data/use-submit.ts';
import { problemOf } from '../../../ui/describe-failure.ts';
import { TextField } from '../../../ui/field.tsx';
import { showToast } from '../../../ui/toast.tsx';
import { TextSection } from './text-section.tsx';
import { useTextDraft } from './use-text-draft.ts';

/** Name and description. */
export function DescriptionForm({ pipeline }: { pipeline: PipelineWithText }) {
  const queries = useQueryClient();
  const { description, seq, can } = pipeline;
  const key = ['pipeline', pipeline.workspace, pipeline.name];
  const draft = useTextDraft(`${pipeline.id}.description`, { text: description, seq });
  const refusal = can.write === true ? null : can.write.no;
  const form = useSubmit(async (wish) => {
    const path = `pipelines/${pipeline.id}`;
    // Its text or its state may have changed meanwhile; only another description stands against this one.
    const ifMatch = `"${draft.isStale ? draft.seq : seq}"`;
    try {
      const { body } = await write<PipelineObject>('PATCH', path, { description: draft.text }, { key: wish, ifMatch });
      queries.setQueryData<PipelineWithText>(key, (old) => old && { ...old, ...body });
      draft.settle(draft.text, { text: body.description, seq: body.seq });
      showToast({ kind: 'done', text: `${pipeline.name} is saved` });
    } catch (thrown) {
      // What is there now is read, and both are shown.
      if (problemOf(thrown)?.status === 412) await queries.invalidateQueries({ queryKey: key });
      throw thrown;
    }
  });
  return (
    <TextSection
      title="General"
      what="another description"
      by={pipeline.updatedBy}
      draft={draft}
      present={description}
      refusal={refusal}
      form={form}
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
    </TextSection>
  );
}
