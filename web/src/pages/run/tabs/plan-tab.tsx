import type { ReactNode } from 'react';
import type { Plan, PlanNode } from '#core/plan.ts';
import type { RunObject, StageObject } from '#core/rest.ts';
import { CopyText } from '../../../ui/copy-text.tsx';
import { ErrorState } from '../../../ui/error-state.tsx';
import { SkeletonRows } from '../../../ui/skeleton.tsx';
import { describeImage, describeLimits } from '../stage/stage-facts.ts';
import { usePlan } from '../use-plan.ts';
import { useTimeline } from '../use-timeline.ts';

/** What exactly the run works by: digest, parameters, and every stage with the place it comes from. */
export function PlanTab({ run, stages }: { run: RunObject; stages: readonly StageObject[] }) {
  const { data: plan, error, refetch } = usePlan(run.id);
  if (error) return <ErrorState what="The plan could not be read" problem={error} onRetry={() => void refetch()} />;
  if (!plan) return <SkeletonRows />;
  const params = Object.entries(plan.params);
  return (
    <div className="flex flex-col gap-6 p-4 text-13">
      <Part title="Digest">
        <CopyText text={plan.digest} />
      </Part>
      <Part title="Parameters">
        {params.length === 0 ? <p className="text-2">The file declares none.</p> : null}
        <dl className="grid grid-cols-[auto_1fr] gap-x-4 gap-y-1">
          {params.map(([name, value]) => (
            <div key={name} className="contents">
              <dt className="text-2">{name}</dt>
              <dd className="font-mono text-12 break-all">{JSON.stringify(value)}</dd>
            </div>
          ))}
        </dl>
      </Part>
      {plan.secrets.length > 0 ? <Part title="Secrets, by name">{plan.secrets.join(', ')}</Part> : null}
      <Part title={`${plan.nodes.length} stages and gates of ${plan.file}`}>
        <ol className="flex flex-col gap-3">
          {plan.nodes.map((node) => (
            <li key={node.name}>
              <Node node={node} plan={plan} />
            </li>
          ))}
        </ol>
      </Part>
      <Workflow run={run} stages={stages} />
    </div>
  );
}

function Node({ node, plan }: { node: PlanNode; plan: Plan }) {
  const needs = node.needs.map(({ to, on }) => (on === 'success' ? to : `${to} (${on})`)).join(', ');
  const image = node.kind === 'stage' ? describeImage(node) : null;
  const limits = node.kind === 'stage' ? describeLimits(node) : '';
  const facts = [
    node.kind === 'gate' ? 'gate' : node.executor,
    needs && `needs ${needs}`,
    image && `image ${image}`,
    limits && `limits ${limits}`,
    node.runOn === 'success' ? '' : `runs on ${node.runOn}`,
    node.when && `when ${node.when.expression}`,
  ].filter(Boolean);
  return (
    <div className="rounded-8 border border-subtle bg-raised px-3 py-2">
      <h3 className="font-semibold">{node.name}</h3>
      <p className="text-12 break-words text-2">{facts.join(' · ')}</p>
      {node.kind === 'stage' ? (
        <ol className="mt-1 flex flex-col gap-1">
          {node.steps.map((step, index) => (
            <li key={index} className="grid grid-cols-[auto_1fr] gap-x-3 font-mono text-12">
              <span className="tabular text-3" title={`${step.file ?? plan.file}:${step.line}`}>
                {step.line}
              </span>
              <pre className="min-w-0 overflow-x-auto" tabIndex={0}>
                {step.script}
              </pre>
            </li>
          ))}
        </ol>
      ) : null}
    </div>
  );
}

/** Where Temporal has the run, for who looks after the installation. */
function Workflow({ run, stages }: { run: RunObject; stages: readonly StageObject[] }) {
  const { data } = useTimeline(run.id, stages);
  if (!data?.workflow) return null;
  return (
    <Part title="Temporal workflow">
      <CopyText text={data.workflow.id} label="Copy the workflow's id" />
      {data.workflow.runId ? <CopyText text={data.workflow.runId} label="Copy the id of its run" /> : null}
    </Part>
  );
}

function Part({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section className="flex min-w-0 flex-col gap-2">
      <h2 className="text-12 font-semibold text-2">{title}</h2>
      {children}
    </section>
  );
}
