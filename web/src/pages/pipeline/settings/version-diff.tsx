import { useMemo } from 'react';
import type { PipelineWithText } from '#core/rest-pipelines.ts';
import { Button } from '../../../ui/button.tsx';
import { ErrorState } from '../../../ui/error-state.tsx';
import { TextField } from '../../../ui/field.tsx';
import { SkeletonRows } from '../../../ui/skeleton.tsx';
import { diffLines } from '../edit/diff-lines.ts';
import { DiffView } from '../edit/diff-view.tsx';
import { useVersion } from './use-version.ts';

/** What differs between two versions of a text. */
export function VersionDiff(props: {
  pipeline: PipelineWithText;
  from: number;
  to: number;
  isShown: boolean;
  onChange(from: number, to: number): void;
  onHide(): void;
}) {
  const { pipeline, from, to, isShown, onChange, onHide } = props;
  const field = (label: string, value: number, change: (version: number) => void) => (
    <TextField
      label={label}
      type="number"
      min={1}
      max={pipeline.version}
      value={value}
      className="w-24"
      onChange={(event) => {
        const number = event.target.valueAsNumber;
        if (Number.isInteger(number) && number >= 1 && number <= pipeline.version) change(number);
      }}
    />
  );
  return (
    <section aria-label="Compare versions" className="flex flex-col gap-3 border-t border-subtle p-4">
      <div className="flex flex-wrap items-end gap-3">
        {field('From version', from, (version) => onChange(version, to))}
        {field('To version', to, (version) => onChange(from, version))}
        {isShown ? <Button onClick={onHide}>Hide</Button> : <Button onClick={() => onChange(from, to)}>Compare</Button>}
      </div>
      {isShown ? <Lines pipelineId={pipeline.id} from={from} to={to} /> : null}
    </section>
  );
}

function Lines({ pipelineId, from, to }: { pipelineId: string; from: number; to: number }) {
  const [before, after] = [useVersion(pipelineId, from), useVersion(pipelineId, to)];
  const [old, fresh] = [before.data?.text, after.data?.text];
  const lines = useMemo(() => (old === undefined || fresh === undefined ? null : diffLines(old, fresh)), [old, fresh]);
  const error = before.error ?? after.error;
  if (error) {
    const retry = () => void Promise.all([before.refetch(), after.refetch()]);
    return <ErrorState what="The versions could not be compared" problem={error} onRetry={retry} />;
  }
  if (!lines) return <SkeletonRows rows={4} />;
  if (old === fresh) return <p className="text-13 text-2">Both have the same text.</p>;
  return <DiffView lines={lines} label={`From version ${from} to ${to}`} />;
}
