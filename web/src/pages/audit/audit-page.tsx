import { ScrollText } from 'lucide-react';
import { useSearchParams } from 'wouter';
import type { AuditEventObject } from '#core/rest-audit.ts';
import { usePageHead } from '../../app/page.ts';
import { useWorkspace } from '../../app/place.ts';
import { addressOf } from '../../data/http.ts';
import { useList } from '../../data/use-list.ts';
import { Badge } from '../../ui/badge.tsx';
import { Button } from '../../ui/button.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { ErrorState } from '../../ui/error-state.tsx';
import { SelectField, TextField } from '../../ui/field.tsx';
import { Age } from '../../ui/moment.tsx';
import { Panel } from '../../ui/panel.tsx';
import { Table, type Column } from '../../ui/table.tsx';
import { describeActor } from '../../data/describe-cause.ts';
import { EventDialog } from './event-dialog.tsx';

const FILTERS = ['actor', 'action', 'object', 'verdict'] as const;

/** Who did what, and what was refused (UI §4.14). Filter, place and the open event stand in the URL. */
export default function AuditPage() {
  usePageHead({ title: 'Audit' });
  const { path } = useWorkspace();
  const [search, setSearch] = useSearchParams();
  const filter = Object.fromEntries(FILTERS.map((name) => [name, search.get(name)]));
  const { data, error, refetch } = useList<AuditEventObject>('audit', {
    workspace: path,
    ...filter,
    cursor: search.get('cursor'),
  });
  const open = data?.items.find(({ id }) => id === search.get('id'));
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
      cell: ({ id, action }) => (
        <button
          type="button"
          onClick={() => set('id', id)}
          className="rounded-4 font-mono text-12 text-1 hover:underline"
        >
          {action}
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
        {(['actor', 'action', 'object'] as const).map((name) => (
          <div key={name} className="w-48 max-sm:w-full">
            <TextField
              label={{ actor: 'Actor', action: 'Action', object: 'Object' }[name]}
              required
              {...(name === 'actor' ? { 'data-filter': '' } : {})}
              defaultValue={search.get(name) ?? ''}
              placeholder={{ actor: 'user:ann', action: 'secret.set', object: 'id or name' }[name]}
              onBlur={(event) => set(name, event.target.value)}
              onKeyDown={(event) => {
                if (event.key === 'Enter') set(name, event.currentTarget.value);
              }}
            />
          </div>
        ))}
        <div className="w-40 max-sm:w-full">
          <SelectField
            label="Verdict"
            value={search.get('verdict') ?? ''}
            options={[
              { value: '', label: 'both' },
              { value: 'done', label: 'done' },
              { value: 'refused', label: 'refused' },
            ]}
            onChange={(event) => set('verdict', event.target.value)}
          />
        </div>
        <span className="flex-1" />
        <span className="flex h-8 items-center gap-3 text-13">
          <a
            href={addressOf('audit/export', { workspace: path, ...filter, format: 'ndjson' })}
            download
            className="text-link hover:underline"
          >
            NDJSON
          </a>
          <a
            href={addressOf('audit/export', { workspace: path, ...filter, format: 'csv' })}
            download
            className="text-link hover:underline"
          >
            CSV
          </a>
        </span>
      </form>
      <Panel title="Audit">
        <Table
          label="audit events"
          columns={columns}
          items={data?.items}
          keyOf={({ id }) => id}
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
        <footer className="flex min-h-11 items-center justify-end gap-2 border-t border-subtle px-4 py-1.5">
          <Button
            size="dense"
            disabledReason={data?.prev ? null : 'these are the newest'}
            onClick={() => set('cursor', data?.prev ?? null)}
          >
            Newer
          </Button>
          <Button
            size="dense"
            disabledReason={data?.next ? null : 'there are no older ones'}
            onClick={() => set('cursor', data?.next ?? null)}
          >
            Older
          </Button>
        </footer>
      </Panel>
      {open ? <EventDialog event={open} onClose={() => set('id', null)} /> : null}
    </div>
  );
}
