import { useQueryClient } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import type { PipelineWithText } from '#core/rest-pipelines.ts';
import { createWish, write } from '../../../data/http.ts';
import { Button } from '../../../ui/button.tsx';
import { Dialog } from '../../../ui/dialog.tsx';
import { InlineProblem } from '../../../ui/error-state.tsx';
import { TextField } from '../../../ui/field.tsx';
import { showToast } from '../../../ui/toast.tsx';
import { diffLines } from './diff-lines.ts';
import { DiffView } from './diff-view.tsx';

/** What changes, before it is kept as the next version. */
export function SaveDialog(props: {
  pipeline: PipelineWithText;
  base: { text: string; seq: number; version: number };
  text: string;
  onClose(): void;
  onSaved(pipeline: PipelineWithText): void;
}) {
  const { pipeline, base, text, onClose, onSaved } = props;
  const queries = useQueryClient();
  const lines = useMemo(() => diffLines(base.text, text), [base.text, text]);
  const [message, setMessage] = useState('');
  const [problem, setProblem] = useState<unknown>(null);
  const [isBusy, setBusy] = useState(false);
  const [key] = useState(createWish);
  const added = lines.filter(({ kind }) => kind === 'added').length;
  const removed = lines.filter(({ kind }) => kind === 'removed').length;
  const save = async () => {
    if (isBusy) return;
    setBusy(true);
    try {
      const { body } = await write<PipelineWithText>(
        'PUT',
        `pipelines/${pipeline.id}/text`,
        { text, ...(message === '' ? {} : { message }) },
        // Its description may have changed meanwhile; only another text stands against this one.
        { key, ifMatch: `"${pipeline.version === base.version ? pipeline.seq : base.seq}"` },
      );
      queries.setQueryData(['pipeline', pipeline.workspace, pipeline.name], body);
      showToast({ kind: 'done', text: `${pipeline.name} has version ${body.version}` });
      onSaved(body);
    } catch (thrown) {
      setProblem(thrown);
      setBusy(false);
    }
  };
  return (
    <Dialog
      title={`Save ${pipeline.name} as version ${base.version + 1}`}
      width="wide"
      onClose={onClose}
      onSubmit={() => void save()}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" variant="primary" isBusy={isBusy}>
            Save version {base.version + 1}
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-3">
        <TextField
          label="Message"
          required={false}
          value={message}
          onChange={(event) => setMessage(event.target.value)}
        />
        <p className="text-13 text-2">
          {added} added, {removed} removed
        </p>
        <DiffView lines={lines} />
        {problem ? <InlineProblem problem={problem} /> : null}
      </div>
    </Dialog>
  );
}
