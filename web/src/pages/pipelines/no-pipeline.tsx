import { Play, Plus, Workflow } from 'lucide-react';
import { useLocation } from 'wouter';
import type { WorkspaceAction } from '#core/permission.ts';
import { useWorkspace } from '../../app/place.ts';
import { useRunSample } from '../../data/samples.ts';
import { useSubmit } from '../../data/use-submit.ts';
import { Button } from '../../ui/button.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { InlineProblem } from '../../ui/error-state.tsx';

/** The one that needs nothing but a worker. */
const SAMPLE = 'sample-hello';

/** The workspace has none: write one, have one written, or see one run first (UI §4.2). */
export function NoPipeline({ onCreate }: { onCreate(): void }) {
  const { path, may } = useWorkspace();
  const [, go] = useLocation();
  const runSample = useRunSample(path);
  const form = useSubmit(async (key) => go((await runSample(SAMPLE, { fail: false }, key)).url));
  const lacks = (...rights: WorkspaceAction[]) => {
    const lacking = rights.find((right) => !may(right));
    return lacking === undefined ? null : `this needs the right ${lacking}`;
  };
  return (
    <EmptyState
      icon={Workflow}
      title="No pipeline yet"
      command="buildit init"
      action={
        <>
          <Button variant="primary" icon={Plus} disabledReason={lacks('pipeline:write')} onClick={onCreate}>
            New pipeline
          </Button>
          <Button
            icon={Play}
            isBusy={form.isBusy}
            disabledReason={lacks('pipeline:write', 'run:trigger')}
            onClick={form.submit}
          >
            Run a sample
          </Button>
        </>
      }
    >
      Write one here, or have one written for the project in a folder of your machine.
      {form.problem ? <InlineProblem problem={form.problem} /> : null}
    </EmptyState>
  );
}
