import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useLocation } from 'wouter';
import type { RerunScope } from '#core/choose-carried.ts';
import { isFailure } from '#core/ending.ts';
import type { RunObject, StageObject } from '#core/rest.ts';
import { get, write } from '../../../data/http.ts';
import { Button } from '../../../ui/button.tsx';
import { Radio } from '../../../ui/choice.tsx';
import { Dialog } from '../../../ui/dialog.tsx';
import { InlineProblem } from '../../../ui/error-state.tsx';
import { SelectField } from '../../../ui/field.tsx';
import { loadStages, stagesKey } from '../use-live-run.ts';
import { previewRerun, type RerunGraph } from './preview-rerun.ts';
import { useWish } from './use-wish.ts';

interface RerunProps {
  /** `from`: the stage that the dialog is opened for. */
  subject: { run: RunObject; stages?: readonly StageObject[]; from?: string };
  onClose(): void;
}

type Choice = 'failed' | 'stage' | 'all';

/** Runs a run again: what runs and what is carried is said before, by the server's own rule. */
export function RerunDialog({ subject, onClose }: RerunProps) {
  const { run, from } = subject;
  const [, navigate] = useLocation();
  const queries = useQueryClient();
  const stages = useQuery({
    queryKey: stagesKey(run.id),
    queryFn: ({ signal }) => loadStages(queries, run.id)(signal),
  });
  const graph = useQuery({
    queryKey: ['run-graph', run.id],
    queryFn: ({ signal }) => get<RerunGraph>(`runs/${run.id}/graph`, {}, signal),
  });
  const hasFailed = run.status.kind === 'ended' && isFailure(run.status.ending);
  const [choice, setChoice] = useState<Choice>(
    from ? 'stage' : hasFailed || run.status.kind !== 'ended' ? 'failed' : 'all',
  );
  const [name, setName] = useState(from ?? '');
  const wish = useWish();
  const nodes = stages.data?.filter(({ kind }) => kind === 'stage') ?? [];
  const picked = name || (nodes[0]?.name ?? '');
  const scope: RerunScope = choice === 'stage' ? scopeOf(picked, nodes) : { kind: choice };
  const preview = graph.data && stages.data ? previewRerun(graph.data, stages.data, scope) : null;
  const send = () =>
    wish.send<RunObject>(
      (key) => write('POST', `runs/${run.id}/rerun`, scope, { key }),
      (started) => {
        onClose();
        navigate(started.url);
      },
    );
  return (
    <Dialog
      title={`Re-run ${run.label}`}
      onClose={onClose}
      onSubmit={send}
      width="normal"
      footer={
        <>
          <Button variant="ghost" onClick={onClose}>
            Close
          </Button>
          <Button
            type="submit"
            variant="primary"
            autoFocus
            isBusy={wish.isBusy}
            disabledReason={preview?.again.length === 0 ? 'no stage would run' : null}
          >
            Re-run
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-4">
        <fieldset className="flex flex-col gap-2">
          <legend className="sr-only">What runs again</legend>
          <Radio
            name="scope"
            label="What failed, and what depends on it"
            isChecked={choice === 'failed'}
            onChange={() => setChoice('failed')}
          />
          <Radio
            name="scope"
            label="From one stage or leg on"
            isChecked={choice === 'stage'}
            onChange={() => setChoice('stage')}
          />
          {choice === 'stage' ? (
            <div className="pl-6">
              <SelectField
                label="Stage"
                value={picked}
                onChange={(event) => setName(event.target.value)}
                options={listChoices(nodes)}
              />
            </div>
          ) : null}
          <Radio name="scope" label="Everything" isChecked={choice === 'all'} onChange={() => setChoice('all')} />
        </fieldset>
        {preview ? <Preview {...preview} attempt={run.attempt + 1} number={run.number} /> : null}
        {wish.problem ? <InlineProblem problem={wish.problem} /> : null}
      </div>
    </Dialog>
  );
}

function Preview(props: { again: string[]; carried: string[]; gates: string[]; attempt: number; number: number }) {
  const { again, carried, gates, attempt, number } = props;
  return (
    <dl className="grid grid-cols-[auto_1fr] gap-x-4 gap-y-2 rounded-8 border border-subtle bg-raised p-3 text-13">
      <dt className="text-2">Runs again</dt>
      <dd>{listNames(again)}</dd>
      <dt className="text-2">Results reused</dt>
      <dd>{listNames(carried)}</dd>
      {gates.length > 0 ? (
        <>
          <dt className="text-2">Asks again</dt>
          <dd>{listNames(gates)}: approvals of this run do not count</dd>
        </>
      ) : null}
      <dt className="text-2">Becomes</dt>
      <dd className="tabular">
        #{number}, attempt {attempt}, with the same plan and source. What stages did outside is not undone.
      </dd>
    </dl>
  );
}

const MANY = 12;

function listNames(names: readonly string[]): string {
  if (names.length === 0) return 'none';
  const shown = names.slice(0, MANY).join(', ');
  return names.length > MANY ? `${shown} and ${names.length - MANY} more` : shown;
}

function scopeOf(name: string, nodes: readonly StageObject[]): RerunScope {
  return { kind: nodes.some((node) => node.name === name) ? 'leg' : 'stage', name };
}

/** Matrices by their name, then every stage and leg. */
function listChoices(nodes: readonly StageObject[]): { value: string; label: string }[] {
  const matrices = [...new Set(nodes.filter(({ leg }) => leg !== null).map(({ stage }) => stage))];
  return [
    ...matrices.map((name) => ({ value: name, label: `${name} (all legs)` })),
    ...nodes.map(({ name }) => ({ value: name, label: name })),
  ];
}
