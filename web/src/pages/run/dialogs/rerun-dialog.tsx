import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useLocation } from 'wouter';
import type { RerunScope } from '#core/choose-carried.ts';
import { isFailure } from '#core/ending.ts';
import type { ArtifactObject, Page, RunObject, StageObject } from '#core/rest.ts';
import { get, write } from '../../../data/http.ts';
import { Button } from '../../../ui/button.tsx';
import { Checkbox, Radio } from '../../../ui/choice.tsx';
import { Dialog } from '../../../ui/dialog.tsx';
import { InlineProblem } from '../../../ui/error-state.tsx';
import { SelectField } from '../../../ui/field.tsx';
import { useNow } from '../../../ui/moment.tsx';
import { loadStages, stagesKey } from '../use-live-run.ts';
import { usePlan } from '../use-plan.ts';
import { listEffects } from './list-effects.ts';
import { previewRerun, type RerunGraph } from './preview-rerun.ts';
import { RerunPreview } from './rerun-preview.tsx';
import { RerunStarted } from './rerun-started.tsx';
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
  const [hasShell, setShell] = useState(false);
  const [started, setStarted] = useState<RunObject | null>(null);
  const now = useNow();
  const { data: plan } = usePlan(run.id);
  const artifacts = useQuery({
    queryKey: ['run-artifacts-all', run.id],
    queryFn: ({ signal }) => get<Page<ArtifactObject>>(`runs/${run.id}/artifacts`, {}, signal),
  });
  const wish = useWish();
  const nodes = stages.data?.filter(({ kind }) => kind === 'stage') ?? [];
  const picked = name || (nodes[0]?.name ?? '');
  const scope: RerunScope = choice === 'stage' ? scopeOf(picked, nodes) : { kind: choice };
  const preview = graph.data && stages.data ? previewRerun(graph.data, stages.data, scope) : null;
  const effects =
    preview && plan
      ? listEffects(plan.nodes, new Set([...preview.again, ...preview.gates]), artifacts.data?.items ?? [], now)
      : null;
  const open = ({ url }: RunObject) => {
    onClose();
    navigate(url);
  };
  const send = () =>
    wish.send<RunObject>(
      (key) => write('POST', `runs/${run.id}/rerun`, { ...scope, ...(hasShell ? { shell: true } : {}) }, { key }),
      hasShell ? setStarted : open,
    );
  const choose = (stage: string) => {
    setChoice('stage');
    setName(stage);
  };
  if (started) {
    const stage = choice === 'stage' ? picked : (preview?.again[0] ?? picked);
    return <RerunStarted started={started} stage={stage} onOpen={() => open(started)} onClose={() => open(started)} />;
  }
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
        <Checkbox
          label="With a shell"
          hint="a stage that fails again is held as it was left, for half an hour"
          isChecked={hasShell}
          onChange={setShell}
          disabledReason={run.can.shell === true ? null : run.can.shell.no}
        />
        {preview && effects ? (
          <RerunPreview
            {...{ ...preview, ...effects }}
            becomes={`#${run.number}, attempt ${run.attempt + 1}`}
            onRebuild={choose}
          />
        ) : null}
        {wish.problem ? <InlineProblem problem={wish.problem} /> : null}
      </div>
    </Dialog>
  );
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
