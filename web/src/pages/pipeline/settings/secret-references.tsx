import { Link } from 'wouter';
import type { PipelineObject } from '#core/rest-pipelines.ts';
import type { SecretObject } from '#core/rest-secrets.ts';
import { useWorkspace } from '../../../app/place.ts';
import { useList } from '../../../data/use-list.ts';
import { Badge } from '../../../ui/badge.tsx';
import { ButtonLink } from '../../../ui/button.tsx';
import { EmptyState } from '../../../ui/empty-state.tsx';
import { ErrorState } from '../../../ui/error-state.tsx';
import { Panel } from '../../../ui/panel.tsx';
import { Table, type Column } from '../../../ui/table.tsx';

/** Secrets that stages of this pipeline may name. Their values are in no page: the file has a reference. */
export function SecretReferences({ pipeline }: { pipeline: PipelineObject }) {
  const place = useWorkspace();
  const mayList = place.may('secret:list');
  const { data, error, refetch } = useList<SecretObject>('secrets', { workspace: place.path, limit: 200 }, mayList);
  const held = data?.items.filter(({ scope }) => holdsFor(scope, pipeline));
  const columns: Column<SecretObject>[] = [
    {
      ...{ key: 'name', head: 'Name' },
      cell: ({ id, name, enabled }) => (
        <span className="flex items-center gap-2">
          <Link href={`${place.base}/secrets/${encodeURIComponent(name)}?id=${id}`} className="font-mono text-12">
            {name}
          </Link>
          {enabled ? null : <Badge>Disabled</Badge>}
        </span>
      ),
    },
    { ...{ key: 'scope', head: 'Holds for', width: '26%' }, cell: ({ scope }) => scope.kind },
    {
      ...{ key: 'reference', head: 'In the file', width: '36%' },
      cell: ({ name }) => <code className="font-mono text-12">secret &quot;{name}&quot;</code>,
    },
  ];
  return (
    <Panel
      title="Secrets"
      actions={
        <ButtonLink href={`${place.base}/secrets`} size="dense">
          Secrets of the workspace
        </ButtonLink>
      }
    >
      {mayList ? (
        <Table
          label="secrets"
          columns={columns}
          items={held}
          expectedRows={3}
          keyOf={({ id }) => id}
          error={
            !data && error ? (
              <ErrorState what="The secrets could not be read" problem={error} onRetry={() => void refetch()} />
            ) : null
          }
          empty={<EmptyState title="No secret holds for this pipeline" command="buildit secrets set KEY" />}
        />
      ) : (
        <p className="p-4 text-13 text-2">Their names are not shown: this needs the right secret:list.</p>
      )}
    </Panel>
  );
}

function holdsFor(scope: SecretObject['scope'], pipeline: PipelineObject): boolean {
  return scope.kind !== 'pipeline' || scope.pipeline === pipeline.name;
}
