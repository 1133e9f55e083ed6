import { useEffect, useRef } from 'react';
import { Link } from 'wouter';
import type { PipelineWithText } from '#core/rest-pipelines.ts';
import type { DeclaredTrigger, EventKind } from '#core/trigger.ts';
import { Badge } from '../../../ui/badge.tsx';
import { CopyText } from '../../../ui/copy-text.tsx';
import { EmptyState } from '../../../ui/empty-state.tsx';
import { ErrorState } from '../../../ui/error-state.tsx';
import { Panel } from '../../../ui/panel.tsx';
import { SkeletonRows } from '../../../ui/skeleton.tsx';
import { usePipelineGraph } from '../use-pipeline-graph.ts';
import { describeConditions, isHeard, nameEvent } from './describe-trigger.ts';
import { PipelineSettings } from './pipeline-settings.tsx';

/** Of a file without `on` (LANGUAGE §3). */
const WITHOUT: readonly EventKind[] = ['push', 'manual', 'api'];

/** What may start the pipeline, as its file says it (UI §4.6). */
export default function TriggersPage() {
  return (
    <PipelineSettings page="triggers">
      {({ pipeline, subject }) => (
        <>
          <p className="max-w-160 text-13 text-2">
            Runs are started by people, here or with{' '}
            <code className="font-mono text-12">buildit trigger {pipeline.name}</code>, by programs with an API token,
            and by stages of other pipelines that name this one. Nothing tells this server of pushes, pull requests,
            tags or comments, and no clock starts runs.
          </p>
          <Panel title="What the file declares">
            {pipeline.text === null ? (
              <EmptyState title="Its text is a file: what it declares stands there" />
            ) : (
              <Declared pipeline={pipeline} href={subject.href} />
            )}
          </Panel>
        </>
      )}
    </PipelineSettings>
  );
}

function Declared({ pipeline, href }: { pipeline: PipelineWithText; href: string }) {
  const { data, error, refetch } = usePipelineGraph(pipeline);
  if (error) return <ErrorState what="The triggers could not be read" problem={error} onRetry={() => void refetch()} />;
  if (!data) return <SkeletonRows rows={3} />;
  if (data.triggers.length === 0) {
    return (
      <div className="flex flex-col gap-3 p-4 text-13 text-2">
        <p>
          The file has no <code className="font-mono text-12">on</code>, which means: pushes, people and programs. A
          file that names what starts it is started by nothing else.
        </p>
        <ul className="flex flex-col gap-1">
          {WITHOUT.map((event) => (
            <li key={event} className="flex items-center gap-2">
              <span className="text-1">{nameEvent(event)}</span>
              <Heard event={event} />
            </li>
          ))}
        </ul>
        <p>
          <CopyText text={'on "manual"'} label="Copy the line" />
        </p>
      </div>
    );
  }
  return (
    <ol>
      {data.triggers.map((declared, index) => (
        <Trigger key={index} number={index + 1} declared={declared} file={`${pipeline.name}.kdl`} href={href} />
      ))}
    </ol>
  );
}

/** `#trigger-2` is a link to the second. */
function Trigger(props: { number: number; declared: DeclaredTrigger; file: string; href: string }) {
  const { number, declared, file, href } = props;
  const { trigger, line } = declared;
  const conditions = describeConditions(trigger);
  const id = `trigger-${number}`;
  const row = useRef<HTMLLIElement>(null);
  useEffect(() => {
    // The browser looked for it before it was there.
    if (location.hash === `#${id}`) row.current?.scrollIntoView({ block: 'center' });
  }, [id]);
  return (
    <li
      id={id}
      ref={row}
      aria-current={location.hash === `#${id}` || undefined}
      className="flex flex-wrap items-baseline gap-x-3 gap-y-1 border-b border-subtle px-4 py-2.5 text-13 last:border-b-0 aria-[current]:bg-active"
    >
      <span className="font-medium text-1">{nameEvent(trigger.on)}</span>
      <Heard event={trigger.on} />
      <span className="min-w-0 flex-1 font-mono text-12 break-words text-2">{conditions.join(' · ')}</span>
      <Link href={`${href}?tab=file#L${line}`} className="font-mono text-12">
        {file}:{line}
      </Link>
    </li>
  );
}

function Heard({ event }: { event: EventKind }) {
  return isHeard(event) ? <Badge hue="success">starts runs</Badge> : <Badge>not heard here</Badge>;
}
