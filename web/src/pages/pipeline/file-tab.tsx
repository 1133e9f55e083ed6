import { useQuery } from '@tanstack/react-query';
import type { PipelineVersionObject, PipelineWithText } from '#core/rest-pipelines.ts';
import type { Page } from '#core/rest.ts';
import { useLinked } from '../../app/linked.ts';
import { describeActor } from '../../data/describe-cause.ts';
import { get } from '../../data/http.ts';
import { CopyButton } from '../../ui/copy-text.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { ErrorState } from '../../ui/error-state.tsx';
import { Age } from '../../ui/moment.tsx';
import { Panel } from '../../ui/panel.tsx';
import { SkeletonRows } from '../../ui/skeleton.tsx';

/** The text that counts, with its lines numbered, and the versions before it. */
export default function FileTab({ pipeline }: { pipeline: PipelineWithText }) {
  const { text, file } = pipeline;
  const linked = useLinked(text !== null);
  if (text === null) {
    return (
      <EmptyState title="Its text is a file">
        <code className="font-mono text-12">{file}</code>
      </EmptyState>
    );
  }
  return (
    <div className="grid gap-4 pt-4 lg:grid-cols-[minmax(0,1fr)_320px]">
      <Panel title={`${pipeline.name}.kdl`} actions={<CopyButton text={text} label="Copy the text" />}>
        <pre
          tabIndex={0}
          aria-label="Text of the pipeline"
          className="overflow-x-auto py-2 font-mono text-12 leading-5"
        >
          {text.split('\n').map((line, index) => (
            <span
              key={index}
              id={`L${index + 1}`}
              aria-current={linked === `L${index + 1}` ? 'location' : undefined}
              className="grid grid-cols-[4ch_1fr] gap-3 px-4 aria-[current]:bg-active"
            >
              <span aria-hidden className="tabular text-right text-2 select-none">
                {index + 1}
              </span>
              <span>{line}</span>
            </span>
          ))}
        </pre>
      </Panel>
      <Versions pipeline={pipeline} />
    </div>
  );
}

function Versions({ pipeline }: { pipeline: PipelineWithText }) {
  const { data, error, refetch } = useQuery({
    queryKey: ['pipeline-versions', pipeline.id, pipeline.version],
    queryFn: ({ signal }) => get<Page<PipelineVersionObject>>(`pipelines/${pipeline.id}/versions`, {}, signal),
  });
  return (
    <Panel title="Versions">
      {error ? (
        <ErrorState what="The versions could not be read" problem={error} onRetry={() => void refetch()} />
      ) : null}
      {data ? (
        <ol className="text-13">
          {data.items.map(({ version, message, createdBy, createdAt }) => (
            <li key={version} className="border-b border-subtle px-4 py-2 last:border-b-0">
              <p className="flex justify-between gap-2">
                <span className="tabular font-medium">Version {version}</span>
                <span className="text-12 text-2">
                  <Age at={createdAt} />
                </span>
              </p>
              <p className="truncate text-12 text-2">
                {message || 'no message'} · {describeActor(createdBy)}
              </p>
            </li>
          ))}
        </ol>
      ) : (
        <SkeletonRows rows={3} />
      )}
    </Panel>
  );
}
