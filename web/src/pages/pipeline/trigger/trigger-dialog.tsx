import { useQuery } from '@tanstack/react-query';
import { Play } from 'lucide-react';
import { useState } from 'react';
import type { ParamDeclaration } from '#core/param.ts';
import type { PipelineGraph } from '#core/rest-pipelines.ts';
import type { RunObject } from '#core/rest.ts';
import type { PipelineSubject } from '../../../actions/pipeline.ts';
import { createWish, get, write } from '../../../data/http.ts';
import { Button } from '../../../ui/button.tsx';
import { CopyText } from '../../../ui/copy-text.tsx';
import { Dialog } from '../../../ui/dialog.tsx';
import { ErrorState, InlineProblem } from '../../../ui/error-state.tsx';
import { TextField } from '../../../ui/field.tsx';
import { SkeletonRows } from '../../../ui/skeleton.tsx';
import { initialValue, ParamField } from './param-field.tsx';
import { useDryRun } from './use-dry-run.ts';
import { writeCommand } from './write-command.ts';

/** Starts a run: its parameters as fields, what a dry run says of them, the same as a command (UI §4.3). */
export function TriggerDialog({ subject, onClose }: { subject: PipelineSubject; onClose(): void }) {
  const { pipeline, href, goTo, params = {} } = subject;
  const [branch, setBranch] = useState('');
  const [values, setValues] = useState(params);
  const [problem, setProblem] = useState<unknown>(null);
  const [isBusy, setBusy] = useState(false);
  const [key] = useState(createWish);
  const graph = useQuery({
    queryKey: ['pipeline-graph', pipeline.id, pipeline.seq],
    queryFn: ({ signal }) => get<PipelineGraph>(`pipelines/${pipeline.id}/graph`, {}, signal),
  });
  const declared = graph.data?.params ?? [];
  const valueOf = (name: string) => values[name] ?? initialValue(declared.find((one) => one.name === name) ?? NONE);
  const given = declared.filter(({ name, default: held }) => valueOf(name) !== '' || held !== null);
  const body = {
    ...(branch === '' ? {} : { branch }),
    params: Object.fromEntries(given.map(({ name }) => [name, valueOf(name)])),
  };
  const dryRun = useDryRun(pipeline.id, body, graph.data !== undefined);
  const start = async () => {
    if (isBusy) return;
    setBusy(true);
    try {
      const { body: run } = await write<RunObject>('POST', `pipelines/${pipeline.id}/runs`, body, { key });
      onClose();
      goTo(`${href}/runs/${run.number}`);
    } catch (thrown) {
      setProblem(thrown);
      setBusy(false);
    }
  };
  return (
    <Dialog
      title={`Trigger ${pipeline.name}`}
      width="normal"
      onClose={onClose}
      onSubmit={() => void start()}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" variant="primary" icon={Play} isBusy={isBusy}>
            Trigger
          </Button>
        </>
      }
    >
      {graph.error ? (
        <ErrorState
          what="What this pipeline asks for could not be read"
          problem={graph.error}
          onRetry={() => void graph.refetch()}
        />
      ) : !graph.data ? (
        <SkeletonRows rows={4} />
      ) : (
        <div className="flex flex-col gap-4">
          <TextField
            label="Branch"
            required={false}
            value={branch}
            hint="Recorded with the run."
            onChange={(event) => setBranch(event.target.value)}
          />
          {declared.map((param) => (
            <ParamField
              key={param.name}
              param={param}
              value={valueOf(param.name)}
              error={dryRun.errors.get(param.name) ?? null}
              onChange={(value) => setValues({ ...values, [param.name]: value })}
            />
          ))}
          <p role="status" className="min-h-5 text-13 text-2">
            {dryRun.summary}
          </p>
          {dryRun.problem && dryRun.errors.size === 0 ? <InlineProblem problem={dryRun.problem} /> : null}
          {problem ? <InlineProblem problem={problem} /> : null}
          <div className="flex flex-col gap-1">
            <p className="text-12 text-3">The same as a command</p>
            <CopyText text={writeCommand(pipeline.name, body)} />
          </div>
        </div>
      )}
    </Dialog>
  );
}

const NONE: ParamDeclaration = {
  ...{ name: '', type: 'string', default: null, match: null, values: [], required: false, description: null },
};
