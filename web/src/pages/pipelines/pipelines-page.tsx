import { Plus, Workflow } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { useSearchParams } from 'wouter';
import { usePageHead } from '../../app/page.ts';
import { useWorkspace } from '../../app/place.ts';
import { Button } from '../../ui/button.tsx';
import { Checkbox } from '../../ui/choice.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { ErrorState, InlineProblem } from '../../ui/error-state.tsx';
import { TextField } from '../../ui/field.tsx';
import { CreateDialog } from './create-dialog.tsx';
import { PipelineTable } from './pipeline-table.tsx';
import { needsAttention } from './statistics.ts';
import { usePipelineList } from './use-pipeline-list.ts';

/** After the last key. */
const CALM_MS = 150;

/** Pipelines of a workspace: how each fares (UI §4.2). Name, filter and place in the list stand in the URL. */
export default function PipelinesPage() {
  usePageHead({ title: 'Pipelines' });
  const place = useWorkspace();
  const [search, setSearch] = useSearchParams();
  const [isCreating, setCreating] = useState(false);
  const name = search.get('name') ?? '';
  const isNarrow = search.get('attention') === 'yes';
  const { data, error, refetch } = usePipelineList(place.path, name, search.get('cursor'));
  const shown = isNarrow ? data?.items.filter(({ recentRuns }) => needsAttention(recentRuns)) : data?.items;
  const set = (key: string, value: string | null, replace = false) =>
    setSearch(
      (old) => {
        const next = new URLSearchParams(old);
        if (key !== 'cursor') next.delete('cursor');
        if (value === null || value === '') next.delete(key);
        else next.set(key, value);
        return next;
      },
      { replace },
    );
  const [typed, setTyped] = useState(name);
  const sent = useRef(name);
  useEffect(() => {
    // From elsewhere: the way back, a link.
    if (name !== sent.current) setTyped(name);
    sent.current = name;
  }, [name]);
  useEffect(() => {
    if (typed === sent.current) return undefined;
    const timer = setTimeout(() => {
      sent.current = typed;
      set('name', typed, true);
    }, CALM_MS);
    return () => clearTimeout(timer);
  }, [typed]);
  const mayCreate = place.may('pipeline:write');
  const create = (
    <Button
      variant="primary"
      icon={Plus}
      disabledReason={mayCreate ? null : 'this needs the right pipeline:write'}
      onClick={() => setCreating(true)}
    >
      New pipeline
    </Button>
  );
  return (
    <div className="flex flex-col gap-3 p-6 max-sm:p-4">
      <div className="flex flex-wrap items-end gap-3">
        <div className="w-80 max-sm:w-full">
          <TextField
            label="Name"
            data-filter=""
            required
            value={typed}
            placeholder="part of a name"
            onChange={(event) => setTyped(event.target.value)}
          />
        </div>
        <div className="flex h-8 items-center">
          <Checkbox
            label="Needs attention"
            isChecked={isNarrow}
            onChange={(isOn) => set('attention', isOn ? 'yes' : null)}
          />
        </div>
        <span className="flex-1" />
        {data && data.items.length > 0 ? create : null}
      </div>
      <section aria-label="Pipelines" className="rounded-8 border border-subtle bg-raised">
        {data && error ? <InlineProblem problem={error} onRetry={() => void refetch()} /> : null}
        <PipelineTable
          pipelines={shown}
          empty={
            name !== '' || isNarrow ? (
              <EmptyState
                icon={Workflow}
                title={
                  isNarrow && data && data.items.length > 0 ? 'Nothing needs attention' : 'No pipeline is called that'
                }
                action={<Button onClick={() => setSearch({})}>Show all pipelines</Button>}
              />
            ) : (
              <EmptyState icon={Workflow} title="No pipeline yet" action={create} command="buildit init">
                Write one here, or have one written for the project in a folder of your machine.
              </EmptyState>
            )
          }
          error={
            !data && error ? (
              <ErrorState what="The pipelines could not be read" problem={error} onRetry={() => void refetch()} />
            ) : null
          }
        />
        {data && (data.next !== null || data.prev !== null) ? (
          <footer className="flex min-h-11 items-center justify-end gap-2 border-t border-subtle px-4 py-1.5">
            <Button
              size="dense"
              disabledReason={data.prev ? null : 'these are the newest'}
              onClick={() => set('cursor', data.prev)}
            >
              Newer
            </Button>
            <Button
              size="dense"
              disabledReason={data.next ? null : 'there are no older ones'}
              onClick={() => set('cursor', data.next)}
            >
              Older
            </Button>
          </footer>
        ) : null}
      </section>
      {isCreating ? <CreateDialog onClose={() => setCreating(false)} /> : null}
    </div>
  );
}
