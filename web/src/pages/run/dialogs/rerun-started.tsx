import type { RunObject } from '#core/rest.ts';
import { Button } from '../../../ui/button.tsx';
import { CopyText } from '../../../ui/copy-text.tsx';
import { Dialog } from '../../../ui/dialog.tsx';

interface StartedProps {
  started: RunObject;
  /** The stage that is expected to fail again. */
  stage: string;
  onOpen(): void;
  onClose(): void;
}

/** A re-run with a shell has begun: how the shell is opened once a stage is held (ADR 0008: half an hour for somebody to come). */
export function RerunStarted({ started, stage, onOpen, onClose }: StartedProps) {
  return (
    <Dialog
      title={`${started.label} has begun`}
      onClose={onClose}
      width="normal"
      isKept
      footer={
        <Button variant="primary" data-focus onClick={onOpen}>
          Go to the run
        </Button>
      }
    >
      <div className="flex flex-col gap-3 text-13">
        <p>A stage that fails is held as it was left, for half an hour. This opens a shell in it:</p>
        <CopyText text={`buildit shell ${started.label} '${stage}'`} />
      </div>
    </Dialog>
  );
}
