import { Archive } from 'lucide-react';
import { useSearchParams } from 'wouter';
import type { CacheObject } from '#core/rest-caches.ts';
import type { PipelineWithText } from '#core/rest-pipelines.ts';
import { ActionButton, ActionMenu } from '../../../actions/action-button.tsx';
import { deleteAllCaches, deleteCache, type CacheSubject } from '../../../actions/cache.ts';
import { useList } from '../../../data/use-list.ts';
import { Button } from '../../../ui/button.tsx';
import { CopyButton } from '../../../ui/copy-text.tsx';
import { EmptyState } from '../../../ui/empty-state.tsx';
import { ErrorState } from '../../../ui/error-state.tsx';
import { formatBytes } from '../../../ui/format-bytes.ts';
import { Age } from '../../../ui/moment.tsx';
import { Panel } from '../../../ui/panel.tsx';
import { Table, type Column } from '../../../ui/table.tsx';
import { describeHitRate } from './describe-hit-rate.ts';
import { PipelineSettings } from './pipeline-settings.tsx';

/** What stages have kept in caches: what it holds, how often it is found, and its end (UI §4.6). */
export default function CachesPage() {
  return (
    <PipelineSettings page="caches" isWritten>
      {({ pipeline }) => <Caches key={pipeline.id} pipeline={pipeline} />}
    </PipelineSettings>
  );
}

function Caches({ pipeline }: { pipeline: PipelineWithText }) {
  const [search, setSearch] = useSearchParams();
  const cursor = search.get('cursor');
  const { data, error, refetch } = useList<CacheObject>(`pipelines/${pipeline.id}/caches`, { limit: 50, cursor });
  const goTo = (to: string | null) => setSearch(to === null ? {} : { cursor: to });
  const columns: Column<CacheObject>[] = [
    { ...{ key: 'name', head: 'Name', width: '14%' }, cell: ({ name }) => <span className="text-1">{name}</span> },
    { ...{ key: 'scope', head: 'Scope', width: '16%' }, cell: ({ scope }) => <span title={scope}>{scope}</span> },
    {
      ...{ key: 'key', head: 'Key' },
      cell: ({ key }) => (
        <code className="font-mono text-12 break-all text-1" title={key}>
          {key}
        </code>
      ),
    },
    { ...{ key: 'size', head: 'Size', width: '90px', align: 'right' }, cell: ({ bytes }) => formatBytes(bytes) },
    {
      ...{ key: 'hit', head: 'Last hit', width: '104px' },
      cell: ({ lastHitAt }) => (lastHitAt ? <Age at={lastHitAt} /> : <span className="text-3">never</span>),
    },
    {
      ...{ key: 'rate', head: 'Found, 30 days', width: '128px', align: 'right' },
      cell: ({ name, uses }) => (
        <span title={`Of the cache ${name}: ${uses.hits} times found, ${uses.misses} times not`}>
          {describeHitRate(uses)}
        </span>
      ),
    },
    {
      ...{ key: 'actions', head: 'Actions', isHeadHidden: true, width: '60px', align: 'right' },
      cell: (cache) => (
        <ActionMenu<CacheSubject>
          label={`Actions of ${cache.key}`}
          actions={[deleteCache]}
          subject={{ id: cache.id, pipeline, cache }}
        />
      ),
    },
  ];
  return (
    <Panel
      title="Caches"
      actions={
        data && data.items.length > 0 ? (
          <ActionButton action={deleteAllCaches} subject={{ id: pipeline.id, pipeline }} size="dense" />
        ) : null
      }
    >
      <Table
        label="caches"
        columns={columns}
        items={data?.items}
        keyOf={({ id }) => id}
        error={
          !data && error ? (
            <ErrorState what="The caches could not be read" problem={error} onRetry={() => void refetch()} />
          ) : null
        }
        empty={<Declare />}
      />
      {data?.next || data?.prev ? (
        <p className="flex justify-end gap-2 border-t border-subtle px-4 py-2">
          <Button
            size="dense"
            disabledReason={data.prev ? null : 'these are the newest'}
            onClick={() => goTo(data.prev)}
          >
            Newer
          </Button>
          <Button
            size="dense"
            disabledReason={data.next ? null : 'there are no older ones'}
            onClick={() => goTo(data.next)}
          >
            Older
          </Button>
        </p>
      ) : null}
    </Panel>
  );
}

const SNIPPET = `cache "npm" {
    path "~/.npm"
    key "npm-{checksum package-lock.json}"
    restore "npm-"
}

stage "test" {
    image "node:24"
    cache "npm"
    run "npm ci"
}`;

/** As `docs/language/cache.md` has it. */
function Declare() {
  return (
    <EmptyState icon={Archive} title="No stage has kept anything yet">
      <p>A cache is declared in the file; the first run that passes saves it.</p>
      <div className="mt-3 flex items-start gap-1 rounded-6 border border-subtle bg-base text-left">
        <pre
          tabIndex={0}
          aria-label="A cache in a file"
          className="min-w-0 flex-1 overflow-x-auto p-3 font-mono text-12"
        >
          {SNIPPET}
        </pre>
        <CopyButton text={SNIPPET} label="Copy the snippet" />
      </div>
    </EmptyState>
  );
}
