import { CircleCheck, CircleDashed, X } from 'lucide-react';
import { Link } from 'wouter';
import { useWish, wishFirstSteps } from '../../../app/first-steps-wish.ts';
import { useWorkspace } from '../../../app/place.ts';
import { hasPage } from '../../../app/routes.ts';
import { useFirstSteps, type FirstStepsDone } from '../../../data/first-steps.ts';
import { useMe } from '../../../data/me.ts';
import { IconButton } from '../../../ui/button.tsx';
import { CopyText } from '../../../ui/copy-text.tsx';
import { Panel } from '../../../ui/panel.tsx';
import { Samples } from './samples.tsx';

/** How far the workspace has come; null where the first steps are not shown, undefined while nobody knows. */
export function useShownSteps(): FirstStepsDone | null | undefined {
  const { path, organization, may } = useWorkspace();
  const { data: me } = useMe();
  const own = me?.organizations.find(({ name }) => name === organization);
  const maySeePeople = own?.actions.includes('organization:members') ?? false;
  const wish = useWish(path);
  const { data: done, isError } = useFirstSteps(path, organization, maySeePeople);
  // Who may change nothing here has no first steps to take.
  const mayBegin = may('pipeline:write') && may('run:trigger');
  if (wish === 'dismissed' || isError || !mayBegin) return null;
  return wish !== 'wanted' && done && done.sample && done.pipeline && done.people !== false ? null : done;
}

/** What to do in a workspace that is new; gone when all is done, or when somebody puts it away. */
export function FirstSteps({ done }: { done: FirstStepsDone }) {
  const { path } = useWorkspace();
  return (
    <Panel
      title="First steps"
      actions={
        <IconButton
          icon={X}
          label="Put the first steps away"
          size="dense"
          onClick={() => wishFirstSteps(path, 'dismissed')}
        />
      }
    >
      <ol className="flex flex-col">
        <Step isDone={done.sample} title="Run a sample">
          <p className="text-2" hidden={done.sample}>
            Nothing to install and nothing to connect: they run on this machine as it is.
          </p>
          <Samples samples={done.samples} />
        </Step>
        <Step isDone={done.pipeline} title="Run a pipeline of your own">
          {done.pipeline ? null : <OwnPipeline />}
        </Step>
        {done.people === null ? null : <People done={done} />}
      </ol>
    </Panel>
  );
}

function OwnPipeline() {
  const { base } = useWorkspace();
  return (
    <p className="flex flex-wrap items-center gap-2 text-2">
      {hasPage('/:org/:workspace/pipelines') ? <Link href={`${base}/pipelines`}>Paste a file</Link> : null}
      {hasPage('/:org/:workspace/pipelines') ? 'or, in a folder of yours:' : 'In a folder of yours:'}
      <CopyText text="buildit init && buildit run" label="Copy the command" />
    </p>
  );
}

function People({ done }: { done: FirstStepsDone }) {
  const { organization } = useWorkspace();
  const page = '/:org/settings/members';
  return (
    <Step isDone={done.people ?? false} title="Invite somebody">
      <p className="text-2" hidden={done.people ?? false}>
        {hasPage(page) ? (
          <Link href={`/${organization}/settings/members`}>Members of {organization}</Link>
        ) : (
          <CopyText text="buildit members invite ann@example.com" label="Copy the command" />
        )}
      </p>
    </Step>
  );
}

function Step({ isDone, title, children }: { isDone: boolean; title: string; children: React.ReactNode }) {
  const Icon = isDone ? CircleCheck : CircleDashed;
  return (
    <li className="flex gap-3 border-b border-subtle px-4 py-3 text-13 last:border-b-0">
      <Icon size={16} aria-hidden className={`mt-0.5 shrink-0 ${isDone ? 'text-success' : 'text-3'}`} />
      <div className="flex min-w-0 flex-1 flex-col gap-2">
        <h3 className="font-medium">
          {title}
          {isDone ? <span className="font-normal text-2"> (done)</span> : null}
        </h3>
        {children}
      </div>
    </li>
  );
}
