import { useQueryClient } from '@tanstack/react-query';
import { useMemo } from 'react';
import type { PipelineWithText } from '#core/rest-pipelines.ts';
import type { VersionSubject } from '../../../actions/pipeline-version.ts';
import { write } from '../../../data/http.ts';
import { useSubmit } from '../../../data/use-submit.ts';
import { problemOf } from '../../../ui/describe-failure.ts';
import { ErrorState } from '../../../ui/error-state.tsx';
import { FormDialog } from '../../../ui/form-dialog.tsx';
import { SkeletonRows } from '../../../ui/skeleton.tsx';
import { showToast } from '../../../ui/toast.tsx';
import { diffLines } from '../edit/diff-lines.ts';
import { DiffView } from '../edit/diff-view.tsx';
import { usePipeline } from '../use-pipeline.ts';
import { useVersion } from './use-version.ts';

/** An earlier text becomes the next version: what that changes, and what was saved since the question was asked. */
export function RestoreDialog({ subject, onClose }: { subject: VersionSubject; onClose(): void }) {
  const { pipeline: asked, version } = subject;
  const queries = useQueryClient();
  const { data: present } = usePipeline(asked.workspace, asked.name);
  const target = useVersion(asked.id, version.version);
  const known = useVersion(asked.id, asked.version);
  const text = target.data?.text;
  const isNewer = present !== undefined && present.version !== asked.version;
  const now = present?.text ?? null;
  const lines = useMemo(() => (now !== null && text !== undefined ? diffLines(now, text) : null), [now, text]);
  const meanwhile = useMemo(
    () => (isNewer && now !== null && known.data ? diffLines(known.data.text, now) : null),
    [isNewer, now, known.data],
  );
  const form = useSubmit(async (key) => {
    if (!present) return;
    const path = `pipelines/${asked.id}/versions/${version.version}/restore`;
    try {
      const { body } = await write<PipelineWithText>('POST', path, undefined, { key, ifMatch: `"${present.seq}"` });
      queries.setQueryData(['pipeline', asked.workspace, asked.name], body);
      showToast({ kind: 'done', text: `${asked.name} has version ${body.version}, the text of ${version.version}` });
      onClose();
    } catch (thrown) {
      // The present one is read: both are shown, and it can be restored over that.
      if (problemOf(thrown)?.status === 412) {
        await queries.invalidateQueries({ queryKey: ['pipeline', asked.workspace, asked.name] });
      }
      throw thrown;
    }
  });
  return (
    <FormDialog
      title={`Restore version ${version.version} of ${asked.name}`}
      verb={`Restore as version ${(present ?? asked).version + 1}`}
      width="wide"
      form={form}
      disabledReason={
        lines === null ? 'the versions are being read' : now === text ? 'the present text is the same' : null
      }
      onClose={onClose}
    >
      {target.error ? (
        <ErrorState what="The version could not be read" problem={target.error} onRetry={() => void target.refetch()} />
      ) : null}
      {meanwhile ? (
        <div className="flex flex-col gap-2">
          <p data-hue="warning" className="rounded-6 bg-hue-tint px-3 py-2 text-13 text-hue-text">
            Version {present?.version} was saved meanwhile; it changed this:
          </p>
          <DiffView lines={meanwhile} label="What was saved meanwhile" />
        </div>
      ) : null}
      <p className="text-13 text-2">What the next version changes against version {(present ?? asked).version}:</p>
      {lines ? <DiffView lines={lines} /> : <SkeletonRows rows={4} />}
    </FormDialog>
  );
}
