import type { StageSubject } from '../../../actions/stage.ts';
import { Button } from '../../../ui/button.tsx';
import { CopyText } from '../../../ui/copy-text.tsx';
import { Dialog } from '../../../ui/dialog.tsx';
import { isHeld } from '../stage/stage-words.ts';

/** How a terminal in a stage is opened: from a terminal, since a page has none (ADR 0008). */
export function ShellDialog({ subject: { run, stage }, onClose }: { subject: StageSubject; onClose(): void }) {
  const { status } = stage;
  const isThere = status.kind === 'running' || isHeld(stage);
  const scope = stage.leg === null ? '--from' : '--leg';
  return (
    <Dialog
      title={`A shell in ${stage.name}`}
      onClose={onClose}
      footer={
        <Button variant="primary" data-focus onClick={onClose}>
          Close
        </Button>
      }
    >
      <div className="flex flex-col gap-4 text-13">
        <section className="flex flex-col gap-1.5">
          <p>
            {isThere
              ? 'In the workspace as it stands now, beside what runs:'
              : 'On the machine where it ran, with the workspace as the stage found it:'}
          </p>
          <CopyText text={`buildit shell ${run.label} '${stage.name}'`} />
        </section>
        {status.kind === 'ended' && run.status.kind === 'ended' ? (
          <section className="flex flex-col gap-1.5">
            <p>Or run it again, and if it fails again look at the workspace as it left it:</p>
            <CopyText text={`buildit retry ${run.label} ${scope} '${stage.name}' --shell`} />
          </section>
        ) : null}
        <p className="text-2">Type it into a terminal that is signed in. It is recorded with your name.</p>
      </div>
    </Dialog>
  );
}
