import { useState } from 'react';
import { useLocation } from 'wouter';
import type { PipelineWithText } from '#core/rest-pipelines.ts';
import { useWorkspace } from '../../app/place.ts';
import { createWish, write } from '../../data/http.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { InlineProblem } from '../../ui/error-state.tsx';
import { TextField } from '../../ui/field.tsx';

const FIRST_TEXT = (name: string) => `pipeline ${JSON.stringify(name)} {
    image "busybox:1.37"
}

stage "hello" {
    run "echo Hello from BuildIt"
}
`;

/** Makes a pipeline with a first text, and opens it to be written. */
export function CreateDialog({ name: wanted = '', onClose }: { name?: string; onClose(): void }) {
  const { path, base } = useWorkspace();
  const [, goTo] = useLocation();
  const [name, setName] = useState(wanted);
  const [problem, setProblem] = useState<unknown>(null);
  const [isBusy, setBusy] = useState(false);
  const [key] = useState(createWish);
  const submit = async () => {
    if (isBusy || name === '') return;
    setBusy(true);
    try {
      const { body } = await write<PipelineWithText>(
        'POST',
        'pipelines',
        { name, text: FIRST_TEXT(name) },
        { key, query: { workspace: path } },
      );
      goTo(`${base}/pipelines/${encodeURIComponent(body.name)}/edit`);
    } catch (thrown) {
      setProblem(thrown);
      setBusy(false);
    }
  };
  return (
    <Dialog
      title="New pipeline"
      onClose={onClose}
      onSubmit={() => void submit()}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button
            type="submit"
            variant="primary"
            isBusy={isBusy}
            disabledReason={name === '' ? 'it needs a name' : null}
          >
            Create
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-3">
        <TextField
          label="Name"
          required
          value={name}
          hint="Letters, digits, - _ and . It stands in addresses and cannot be changed."
          onChange={(event) => setName(event.target.value)}
        />
        {problem ? <InlineProblem problem={problem} /> : null}
      </div>
    </Dialog>
  );
}

/** With the name that somebody has looked for in vain. */
export function CreateNamedDialog({ subject, onClose }: { subject: { name: string }; onClose(): void }) {
  return <CreateDialog name={subject.name} onClose={onClose} />;
}
