import { Play } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import type { ParamDeclaration } from '#core/param.ts';
import type { RunObject } from '#core/rest.ts';
import type { PipelineSubject } from '../../../actions/pipeline.ts';
import { createWish, write } from '../../../data/http.ts';
import { Button } from '../../../ui/button.tsx';
import { CopyText } from '../../../ui/copy-text.tsx';
import { problemOf } from '../../../ui/describe-failure.ts';
import { Dialog } from '../../../ui/dialog.tsx';
import { ErrorState, InlineProblem } from '../../../ui/error-state.tsx';
import { SkeletonRows } from '../../../ui/skeleton.tsx';
import { usePipelineGraph } from '../use-pipeline-graph.ts';
import { BranchField } from './branch-field.tsx';
import { EarlierRunField } from './earlier-run-field.tsx';
import { errorsByField } from './errors-by-field.ts';
import { ExcludedList } from './excluded-list.tsx';
import { fillFromRun } from './fill-from-run.ts';
import { initialValue, ParamField } from './param-field.tsx';
import { Refusal } from './refusal.tsx';
import { useDryRun } from './use-dry-run.ts';
import { writeCommand } from './write-command.ts';

/** Starts a run: its parameters as fields, what a dry run says of them, the same as a command (UI §4.3). */
export function TriggerDialog({ subject, onClose }: { subject: PipelineSubject; onClose(): void }) {
  const { pipeline, href, goTo, params = {} } = subject;
  const [branch, setBranch] = useState('');
  const [values, setValues] = useState(params);
  const [problem, setProblem] = useState<{ thrown: unknown; sent: string } | null>(null);
  const [isBusy, setBusy] = useState(false);
  const [key] = useState(createWish);
  const graph = usePipelineGraph(pipeline);
  const fields = useRef<HTMLDivElement>(null);
  const isReady = graph.data !== undefined;
  useEffect(() => {
    // The dialog took the focus before there were fields: Enter starts from them.
    if (isReady) fields.current?.querySelector('input')?.focus();
  }, [isReady]);
  const declared = graph.data?.params ?? [];
  const valueOf = (name: string) => values[name] ?? initialValue(declared.find((one) => one.name === name) ?? NONE);
  const given = declared.filter(({ name, default: held }) => valueOf(name) !== '' || held !== null);
  const body = {
    ...(branch === '' ? {} : { branch }),
    params: Object.fromEntries(given.map(({ name }) => [name, valueOf(name)])),
  };
  const dryRun = useDryRun(pipeline.id, body, graph.data !== undefined);
  // What the server says to what is typed now, and before that to what was sent.
  const refused = problem && problem.sent === JSON.stringify(body) ? problemOf(problem.thrown) : null;
  const errors = new Map([...(refused ? errorsByField(refused) : []), ...dryRun.errors]);
  const start = async () => {
    if (isBusy) return;
    setBusy(true);
    try {
      const { body: run } = await write<RunObject>('POST', `pipelines/${pipeline.id}/runs`, body, { key });
      onClose();
      goTo(`${href}/runs/${run.number}`);
    } catch (thrown) {
      setProblem({ thrown, sent: JSON.stringify(body) });
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
        <div ref={fields} className="flex flex-col gap-4">
          <div className="grid gap-4 sm:grid-cols-2">
            <BranchField
              pipelineId={pipeline.id}
              value={branch}
              error={errors.get('branch') ?? null}
              onChange={setBranch}
            />
            {pipeline.lastRun ? (
              <EarlierRunField
                pipelineId={pipeline.id}
                onFill={(run) => {
                  const filled = fillFromRun(run, declared);
                  setBranch(filled.branch);
                  setValues(filled.values);
                }}
              />
            ) : null}
          </div>
          {declared.map((param) => (
            <ParamField
              key={param.name}
              param={param}
              value={valueOf(param.name)}
              error={errors.get(`param.${param.name}`) ?? null}
              onChange={(value) => setValues({ ...values, [param.name]: value })}
            />
          ))}
          <p role="status" className="min-h-5 text-13 text-2">
            {dryRun.summary}
          </p>
          <ExcludedList excluded={dryRun.excluded} />
          {dryRun.problem && dryRun.errors.size === 0 ? <Refusal problem={dryRun.problem} /> : null}
          {problem ? <InlineProblem problem={problem.thrown} /> : null}
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
