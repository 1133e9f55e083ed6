import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import { useSearchParams } from 'wouter';
import type { PipelineObject, PipelineVariablesObject } from '#core/rest-pipelines.ts';
import { describeActor } from '../../../data/describe-cause.ts';
import { write } from '../../../data/http.ts';
import { useSubmit } from '../../../data/use-submit.ts';
import { problemOf } from '../../../ui/describe-failure.ts';
import { TextArea } from '../../../ui/field.tsx';
import { Age } from '../../../ui/moment.tsx';
import { showToast } from '../../../ui/toast.tsx';
import { readLines, writeLines } from './read-variables.ts';
import { TextSection } from './text-section.tsx';
import { useTextDraft } from './use-text-draft.ts';

/** All variables as lines; what changes is shown before it is saved. `?key=CI` is a link to one of them. */
export function VariablesForm({ pipeline, present }: { pipeline: PipelineObject; present: PipelineVariablesObject }) {
  const queries = useQueryClient();
  const { version, updatedAt, updatedBy, can } = present;
  const key = ['pipeline-variables', pipeline.id];
  const draft = useTextDraft(`${pipeline.id}.variables`, { text: writeLines(present.variables), seq: version });
  const { variables, problems } = readLines(draft.text);
  const refusal = can.write === true ? null : can.write.no;
  const form = useSubmit(async (wish) => {
    // Others may have saved what there was before once more; only another text stands against this one.
    const ifMatch = `"${draft.isStale ? draft.seq : version}"`;
    try {
      const path = `pipelines/${pipeline.id}/variables`;
      const { body } = await write<PipelineVariablesObject>('PUT', path, { variables }, { key: wish, ifMatch });
      queries.setQueryData(key, body);
      draft.settle(draft.text, { text: writeLines(body.variables), seq: body.version });
      showToast({ kind: 'done', text: 'The variables are saved' });
    } catch (thrown) {
      // What is there now is read, and both are shown.
      if (problemOf(thrown)?.status === 412) await queries.invalidateQueries({ queryKey: key });
      throw thrown;
    }
  });
  const [first] = problems;
  const area = useKeyInView(draft.text);
  return (
    <TextSection
      title="Variables"
      what="other variables"
      by={updatedBy}
      draft={draft}
      present={writeLines(present.variables)}
      refusal={refusal}
      wrong={first ? `line ${first.line}: ${first.message}` : null}
      form={form}
    >
      <p className="text-13 text-2">
        Every run gets them, under what its file says with <code className="font-mono text-12">env</code>, which wins. A
        run keeps those it was started with. They are no secrets: whoever sees a run may see them.
      </p>
      <div ref={area}>
        <TextArea
          label="Variables, one a line"
          required={false}
          rows={Math.min(20, Math.max(4, draft.text.split('\n').length + 1))}
          spellCheck={false}
          wrap="off"
          className="font-mono"
          value={draft.text}
          {...(refusal
            ? { origin: refusal }
            : { hint: 'NAME=value; a line break in a value is \\n, a backslash \\\\.' })}
          error={draft.isDirty && first ? `Line ${first.line}: ${first.message}.` : null}
          onChange={(event) => draft.change(event.target.value)}
        />
      </div>
      {updatedAt === null ? null : (
        <p className="text-12 text-3">
          Version {version}, set <Age at={updatedAt} /> by {describeActor(updatedBy ?? '')}.
        </p>
      )}
    </TextSection>
  );
}

/** Selects the line of `?key=`, once it is there. */
function useKeyInView(text: string) {
  const [search] = useSearchParams();
  const holder = useRef<HTMLDivElement>(null);
  const wanted = search.get('key');
  useEffect(() => {
    const area = holder.current?.querySelector('textarea');
    const start = wanted === null ? -1 : `\n${text}`.indexOf(`\n${wanted}=`);
    if (!area || start === -1) return;
    area.focus();
    area.setSelectionRange(start, `${text}\n`.indexOf('\n', start));
    // For the link, not for every key that is typed.
  }, [wanted]);
  return holder;
}
