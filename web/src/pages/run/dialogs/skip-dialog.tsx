import { useState } from 'react';
import type { RunObject, StageObject } from '#core/rest.ts';
import { write } from '../../../data/http.ts';
import { Button } from '../../../ui/button.tsx';
import { Dialog } from '../../../ui/dialog.tsx';
import { InlineProblem } from '../../../ui/error-state.tsx';
import { TextField } from '../../../ui/field.tsx';
import { showToast } from '../../../ui/toast.tsx';
import { useWish } from './use-wish.ts';

/** Skips a stage that has not begun. */
export function SkipDialog(props: { subject: { run: RunObject; stage: StageObject }; onClose(): void }) {
  const { subject, onClose } = props;
  const { run, stage } = subject;
  const [reason, setReason] = useState('');
  const wish = useWish();
  const send = () => {
    const body = { stage: stage.name, ...(reason.trim() === '' ? {} : { reason: reason.trim() }) };
    wish.send(
      (key) => write('POST', `runs/${run.id}/skip`, body, { key }),
      () => {
        showToast({ kind: 'done', text: `${stage.name} is skipped` });
        onClose();
      },
    );
  };
  return (
    <Dialog
      title={`Skip ${stage.name}`}
      onClose={onClose}
      onSubmit={send}
      footer={
        <>
          <Button variant="ghost" onClick={onClose}>
            Close
          </Button>
          <Button type="submit" variant="primary" isBusy={wish.isBusy}>
            Skip stage
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-3">
        <p>
          {stage.name} will not run in {run.label}. What needs it goes on as if it had been skipped by its own
          condition.
        </p>
        <TextField
          label="Reason"
          required={false}
          hint="kept with the history of the run"
          maxLength={1_000}
          value={reason}
          onChange={(event) => setReason(event.target.value)}
        />
        {wish.problem ? <InlineProblem problem={wish.problem} /> : null}
      </div>
    </Dialog>
  );
}
