import { useQuery } from '@tanstack/react-query';
import { useSearchParams } from 'wouter';
import type { PipelineVersionObject, PipelineWithText } from '#core/rest-pipelines.ts';
import type { Page } from '#core/rest.ts';
import { ActionMenu } from '../../../actions/action-button.tsx';
import { restoreVersion, type VersionSubject } from '../../../actions/pipeline-version.ts';
import type { PipelineSubject } from '../../../actions/pipeline.ts';
import { describeActor } from '../../../data/describe-cause.ts';
import { get } from '../../../data/http.ts';
import { Badge } from '../../../ui/badge.tsx';
import { Button } from '../../../ui/button.tsx';
import { KeyedListTable } from '../../../ui/list-table.tsx';
import { Age } from '../../../ui/moment.tsx';
import { Panel } from '../../../ui/panel.tsx';
import type { Column } from '../../../ui/table.tsx';
import { VersionDiff } from './version-diff.tsx';

/** The texts a pipeline has had, two of them compared; which two, and which page, stands in the address. */
export function VersionsPanel(props: { pipeline: PipelineWithText; text: string; subject: PipelineSubject }) {
  const { pipeline, subject } = props;
  const [search, setSearch] = useSearchParams();
  const cursor = search.get('cursor');
  const list = useQuery({
    queryKey: ['pipeline-versions', pipeline.id, pipeline.version, cursor],
    queryFn: ({ signal }) =>
      get<Page<PipelineVersionObject>>(`pipelines/${pipeline.id}/versions`, { cursor, limit: 20 }, signal),
    refetchOnWindowFocus: true,
    // Of this pipeline alone: each of them can be restored.
    placeholderData: (old, before) => (before?.queryKey[1] === pipeline.id ? old : undefined),
  });
  const { data } = list;
  const set = (changes: Record<string, string | null>) =>
    setSearch((old) => {
      const next = new URLSearchParams(old);
      for (const [key, value] of Object.entries(changes)) {
        if (value === null) next.delete(key);
        else next.set(key, value);
      }
      return next;
    });
  const columns: Column<PipelineVersionObject>[] = [
    {
      ...{ key: 'version', head: 'Version', width: '120px' },
      cell: ({ version }) => (
        <span className="inline-flex items-center gap-2">
          <span className="tabular text-1">{version}</span>
          {version === pipeline.version ? <Badge>present</Badge> : null}
        </span>
      ),
    },
    {
      ...{ key: 'message', head: 'Message' },
      cell: ({ message }) => (message ? <span title={message}>{message}</span> : <span className="text-3">none</span>),
    },
    { ...{ key: 'by', head: 'By', width: '18%' }, cell: ({ createdBy }) => describeActor(createdBy) },
    { ...{ key: 'at', head: 'Saved', width: '14%' }, cell: ({ createdAt }) => <Age at={createdAt} /> },
    {
      ...{ key: 'compare', head: 'Compare', isHeadHidden: true, width: '104px', align: 'right' },
      cell: ({ version }) =>
        version > 1 ? (
          <Button
            size="dense"
            aria-label={`What version ${version} changed`}
            onClick={() => set({ from: String(version - 1), to: String(version) })}
          >
            Changes
          </Button>
        ) : null,
    },
    {
      ...{ key: 'actions', head: 'Actions', isHeadHidden: true, width: '60px', align: 'right' },
      cell: (version) => (
        <ActionMenu<VersionSubject>
          label={`Actions of version ${version.version}`}
          actions={[restoreVersion]}
          subject={{ ...subject, id: `${pipeline.id} ${version.version}`, version }}
        />
      ),
    },
  ];
  return (
    <Panel title="Versions" id="versions">
      <KeyedListTable
        label="versions"
        columns={columns}
        list={list}
        expectedRows={3}
        keyOf={({ version }) => String(version)}
        empty={null}
      />
      {data?.next || cursor ? (
        <p className="flex justify-end gap-2 border-t border-subtle px-4 py-2">
          <Button
            size="dense"
            disabledReason={cursor ? null : 'these are the newest'}
            onClick={() => set({ cursor: null })}
          >
            Newest
          </Button>
          <Button
            size="dense"
            disabledReason={data?.next ? null : 'there are no older ones'}
            onClick={() => set({ cursor: data?.next ?? null })}
          >
            Older
          </Button>
        </p>
      ) : null}
      {pipeline.version > 1 ? (
        <VersionDiff
          pipeline={pipeline}
          from={readVersion(search.get('from'), pipeline.version - 1, pipeline.version)}
          to={readVersion(search.get('to'), pipeline.version, pipeline.version)}
          isShown={search.has('from') || search.has('to')}
          onChange={(from, to) => set({ from: String(from), to: String(to) })}
          onHide={() => set({ from: null, to: null })}
        />
      ) : null}
    </Panel>
  );
}

function readVersion(text: string | null, otherwise: number, most: number): number {
  const number = Number(text);
  return text !== null && Number.isInteger(number) && number >= 1 && number <= most ? number : otherwise;
}
