import { ArrowUp, ScrollText } from 'lucide-react';
import { useSearchParams } from 'wouter';
import type { AuditEventObject } from '#core/rest-audit.ts';
import { usePageHead } from '../../app/page.ts';
import { useWorkspace } from '../../app/place.ts';
import { describeActor } from '../../data/describe-cause.ts';
import { addressOf } from '../../data/http.ts';
import { Badge } from '../../ui/badge.tsx';
import { Button } from '../../ui/button.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { ErrorState } from '../../ui/error-state.tsx';
import { Age } from '../../ui/moment.tsx';
import { Panel } from '../../ui/panel.tsx';
import { Table, type Column } from '../../ui/table.tsx';
import { AUDIT_FILTERS, AuditFilterFields } from './audit-filters.tsx';
import { ChainState } from './chain-state.tsx';
import { EventDialog } from './event-dialog.tsx';
import { useAudit, useAuditEvent } from './use-audit.ts';

/** Who did what, and what was refused (UI §4.14). Filter, place and the open event stand in the URL. */
export default function AuditPage() {
  usePageHead({ title: 'Audit' });
  const { path } = useWorkspace();
  const [search, setSearch] = useSearchParams();
  const filters = Object.fromEntries(AUDIT_FILTERS.map((name) => [name, search.get(name)]));
  const { list, newer } = useAudit({ workspace: path, ...filters, cursor: search.get('cursor') });
  const { data, error, refetch } = list;
  const id = search.get('id');
  const shown = data?.items.find((one) => one.id === id);
  const linked = useAuditEvent(path, id, shown);
  const open = shown ?? linked.data;
  const set = (name: string, value: string | null) =>
    setSearch((old) => {
      const next = new URLSearchParams(old);
      if (name !== 'id' && name !== 'cursor') next.delete('cursor');
      if (value) next.set(name, value);
      else next.delete(name);
      return next;
    });
  const columns: Column<AuditEventObject>[] = [
    { ...{ key: 'at', head: 'Time', width: '112px' }, cell: ({ at }) => <Age at={at} /> },
    { ...{ key: 'actor', head: 'Actor', width: '18%' }, cell: ({ actor }) => describeActor(actor) },
    {
      ...{ key: 'action', head: 'Action', width: '22%' },
      cell: (event) => (
        <button
          type="button"
          onClick={() => set('id', event.id)}
          className="rounded-4 font-mono text-12 text-1 hover:underline"
        >
          {event.action}
        </button>
      ),
    },
    { ...{ key: 'object', head: 'Object' }, cell: ({ object }) => `${object.kind} ${object.name}` },
    {
      ...{ key: 'verdict', head: 'Verdict', width: '112px' },
      cell: ({ verdict }) => <Badge hue={verdict === 'done' ? 'neutral' : 'error'}>{verdict}</Badge>,
    },
    { ...{ key: 'address', head: 'Address', width: '14%', isSecondary: true }, cell: ({ address }) => address },
  ];
  return (
    <div className="flex flex-col gap-3 p-6 max-sm:p-4">
      <form className="flex flex-wrap items-end gap-3" onSubmit={(event) => event.preventDefault()}>
        <AuditFilterFields filters={filters} onSet={set} />
      </form>
      <Panel
        title="Audit"
        actions={
          <span className="flex flex-wrap items-center gap-3 text-12">
            <ChainState workspace={path} onOpen={(bad) => set('id', bad)} />
            {(['ndjson', 'csv'] as const).map((format) => (
              <a
                key={format}
                href={addressOf('audit/export', { workspace: path, ...filters, format })}
                download
                className="text-link hover:underline"
              >
                {format.toUpperCase()}
              </a>
            ))}
          </span>
        }
      >
        {newer > 0 ? (
          <div className="flex justify-center border-b border-subtle py-1.5">
            <Button size="dense" icon={ArrowUp} onClick={() => void refetch()}>
              {newer} newer
            </Button>
          </div>
        ) : null}
        <Table
          label="audit events"
          columns={columns}
          items={data?.items}
          keyOf={(event) => event.id}
          error={
            !data && error ? (
              <ErrorState what="The audit could not be read" problem={error} onRetry={() => void refetch()} />
            ) : null
          }
          empty={
            <EmptyState
              icon={ScrollText}
              title="Nothing like that was done"
              action={<Button onClick={() => setSearch({})}>Show everything</Button>}
            />
          }
        />
        {data ? (
          <footer className="flex min-h-11 items-center justify-end gap-2 border-t border-subtle px-4 py-1.5">
            <Button
              size="dense"
              disabledReason={data.prev ? null : 'these are the newest'}
              onClick={() => set('cursor', data.prev ?? null)}
            >
              Newer
            </Button>
            <Button
              size="dense"
              disabledReason={data.next ? null : 'there are no older ones'}
              onClick={() => set('cursor', data.next ?? null)}
            >
              Older
            </Button>
          </footer>
        ) : null}
      </Panel>
      {open ? <EventDialog event={open} onClose={() => set('id', null)} /> : null}
    </div>
  );
}
