import { useQuery } from '@tanstack/react-query';
import type { PipelineObject, PipelineVariablesObject } from '#core/rest-pipelines.ts';
import { get } from '../../../data/http.ts';
import { EmptyState } from '../../../ui/empty-state.tsx';
import { ErrorState } from '../../../ui/error-state.tsx';
import { Panel } from '../../../ui/panel.tsx';
import { SkeletonRows } from '../../../ui/skeleton.tsx';
import { PipelineSettings } from './pipeline-settings.tsx';
import { SecretReferences } from './secret-references.tsx';
import { VariablesForm } from './variables-form.tsx';

/** Variables that every run gets below the `env` of the file, and the secrets it may name (UI §4.6). */
export default function EnvPage() {
  return (
    <PipelineSettings page="env" isWritten>
      {({ pipeline }) =>
        pipeline.text === null ? (
          <>
            <Panel title="Variables">
              <EmptyState title="Its text is a file: variables are given with --env-file" />
            </Panel>
            <SecretReferences pipeline={pipeline} />
          </>
        ) : (
          <Variables key={pipeline.id} pipeline={pipeline} />
        )
      }
    </PipelineSettings>
  );
}

function Variables({ pipeline }: { pipeline: PipelineObject }) {
  const { data, error, refetch } = useQuery({
    queryKey: ['pipeline-variables', pipeline.id],
    queryFn: ({ signal }) => get<PipelineVariablesObject>(`pipelines/${pipeline.id}/variables`, {}, signal),
    refetchOnWindowFocus: true,
  });
  // The secrets come below what has its size by then: nothing is pushed down (UI §10).
  if (!data && !error) return <SkeletonRows rows={8} />;
  return (
    <>
      {data ? (
        <VariablesForm pipeline={pipeline} present={data} />
      ) : (
        <Panel title="Variables">
          <ErrorState what="The variables could not be read" problem={error} onRetry={() => void refetch()} />
        </Panel>
      )}
      <SecretReferences pipeline={pipeline} />
    </>
  );
}
