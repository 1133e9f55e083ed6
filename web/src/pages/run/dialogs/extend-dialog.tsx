import { useState } from 'react';
import { MAX_EXTENSION_MS } from '#core/change.ts';
import { formatDuration, parseDuration } from '#core/duration.ts';
import type { RunObject, StageObject } from '#core/rest.ts';
import { write } from '../../../data/http.ts';
import { Button } from '../../../ui/button.tsx';
import { Dialog } from '../../../ui/dialog.tsx';
import { InlineProblem } from '../../../ui/error-state.tsx';
import { TextField } from '../../../ui/field.tsx';
import { showToast } from '../../../ui/toast.tsx';
import { useWish } from './use-wish.ts';

/** Gives a stage, or the run as a whole, more time than its limit. */
export function ExtendDialog(props: { subject: { run: RunObject; stage?: StageObject }; onClose(): void }) {
  const { subject, onClose } = props;
  const { run, stage } = subject;
  const [text, setText] = useState('30m');
  const [isChecked, setChecked] = useState(false);
  const wish = useWish();
  const ms = parseDuration(text.trim());
  const error = explain(ms);
  const name = stage?.name ?? run.label;
  const send = () => {
    setChecked(true);
    if (error !== null || ms === null) return;
    const body = { ms, ...(stage ? { stage: stage.name } : {}) };
    wish.send(
      (key) => write('POST', `runs/${run.id}/extend`, body, { key }),
      () => {
        showToast({ kind: 'done', text: `${name} has ${formatDuration(ms)} more` });
        onClose();
      },
    );
  };
  return (
    <Dialog
      title={`More time for ${name}`}
      onClose={onClose}
      onSubmit={send}
      footer={
        <>
          <Button variant="ghost" onClick={onClose}>
            Close
          </Button>
          <Button type="submit" variant="primary" isBusy={wish.isBusy}>
            Extend
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-3">
        <TextField
          label="Time beyond the limit"
          hint="for example 10m, 1h30m; it is recorded with your name"
          value={text}
          error={isChecked ? error : null}
          onBlur={() => setChecked(true)}
          onChange={(event) => setText(event.target.value)}
        />
        {wish.problem ? <InlineProblem problem={wish.problem} /> : null}
      </div>
    </Dialog>
  );
}

function explain(ms: number | null): string | null {
  if (ms === null || ms < 1_000) return 'Write a duration of at least 1s, as 10m or 1h30m';
  return ms > MAX_EXTENSION_MS ? `At most ${formatDuration(MAX_EXTENSION_MS)}` : null;
}
