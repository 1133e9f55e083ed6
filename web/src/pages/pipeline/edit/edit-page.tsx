import { Save } from 'lucide-react';
import { useEffect, useMemo, useRef, useState } from 'react';
import { useParams } from 'wouter';
import type { PipelineWithText } from '#core/rest-pipelines.ts';
import { NotFound } from '../../../app/not-found.tsx';
import { usePageHead } from '../../../app/page.ts';
import { useWorkspace } from '../../../app/place.ts';
import { GraphView } from '../../../graph/view/graph-view.tsx';
import { Button } from '../../../ui/button.tsx';
import { Confirm } from '../../../ui/confirm.tsx';
import { describeMeanwhile } from '../../../ui/conflict.tsx';
import { problemOf } from '../../../ui/describe-failure.ts';
import { ErrorState, InlineProblem } from '../../../ui/error-state.tsx';
import { useNow } from '../../../ui/moment.tsx';
import { Panel } from '../../../ui/panel.tsx';
import { AfterAMoment, SkeletonRows } from '../../../ui/skeleton.tsx';
import { toGraphStages } from '../to-graph-stages.ts';
import { usePipeline } from '../use-pipeline.ts';
import { CodeFrames } from './code-frames.tsx';
import { keepDraft, readDraft } from './draft.ts';
import { findDeclaration } from './find-declaration.ts';
import { SaveDialog } from './save-dialog.tsx';
import { TextEditor } from './text-editor.tsx';
import { useValidation } from './use-validation.ts';

/** The text of a pipeline with what the compiler says of it as it is typed, and the graph it makes (UI §4.6). */
export default function EditPage() {
  const place = useWorkspace();
  const { pipeline: encoded = '' } = useParams();
  const name = decodeURIComponent(encoded);
  const { data, error, refetch } = usePipeline(place.path, name);
  const href = `${place.base}/pipelines/${encodeURIComponent(name)}`;
  usePageHead({
    title: 'Edit',
    area: name,
    crumbs: [
      { label: 'Pipelines', href: `${place.base}/pipelines` },
      { label: name, href },
    ],
  });
  if (!data && error) {
    if (problemOf(error)?.status === 404) return <NotFound what={`pipeline ${name}`} />;
    return <ErrorState what="The pipeline could not be read" problem={error} onRetry={() => void refetch()} />;
  }
  if (!data) {
    return (
      <AfterAMoment>
        <SkeletonRows rows={12} />
      </AfterAMoment>
    );
  }
  return data.text === null ? (
    <ErrorState what="Its text is a file" problem={new Error(`edit ${data.file ?? 'the file'} where it is`)} />
  ) : (
    <Editor key={data.id} pipeline={data} text={data.text} />
  );
}

function Editor({ pipeline, text: present }: { pipeline: PipelineWithText; text: string }) {
  const area = useRef<HTMLTextAreaElement>(null);
  /** What the draft is a change of; the server's may be newer by now. */
  const [draft] = useState(() => (pipeline.can.write === true ? readDraft(pipeline.id) : null));
  const [base, setBase] = useState(draft?.base ?? { text: present, seq: pipeline.seq, version: pipeline.version });
  const [text, setText] = useState(draft?.text ?? present);
  const [isRestored, setRestored] = useState(draft !== null);
  const [isSaving, setSaving] = useState(false);
  const [isDiscarding, setDiscarding] = useState(false);
  const now = useNow();
  const validation = useValidation(pipeline.name, text);
  const diagnostics = validation.data?.diagnostics ?? [];
  const isDirty = text !== base.text;
  const isStale = pipeline.version !== base.version;
  useEffect(() => {
    // Nobody has typed: what somebody else saved is simply shown.
    if (isStale && !isDirty) {
      setBase({ text: present, seq: pipeline.seq, version: pipeline.version });
      setText(present);
    }
  }, [isStale, isDirty, present]);
  useEffect(() => keepDraft(pipeline.id, isDirty ? { base, text } : null), [pipeline.id, isDirty, base, text]);
  useEffect(() => {
    if (!isDirty) setRestored(false);
  }, [isDirty]);
  useEffect(() => {
    if (!isDirty) return undefined;
    const guard = (event: BeforeUnloadEvent) => event.preventDefault();
    window.addEventListener('beforeunload', guard);
    return () => window.removeEventListener('beforeunload', guard);
  }, [isDirty]);
  const graph = useMemo(
    () => validation.data?.graph && toGraphStages(validation.data.graph, []),
    [validation.data?.graph],
  );
  const errors = diagnostics.filter(({ severity }) => severity === 'error');
  const reason = reasonAgainst(pipeline, {
    isDirty,
    isStale,
    hasErrors: errors.length > 0,
    isChecked: validation.isOfThis,
  });
  const save = () => reason === null && setSaving(true);
  const goTo = (place: [number, number] | null) => {
    if (place) area.current?.setSelectionRange(...place);
    // Brings what is selected into view.
    area.current?.focus();
  };
  const goToStage = (name: string) => {
    const node = validation.data?.graph?.nodes.find((one) => one.name === name);
    goTo(node ? findDeclaration(text, node.kind, node.stage) : null);
  };
  return (
    <div className="flex min-h-full flex-col gap-3 p-6 max-sm:p-4">
      <header className="flex flex-wrap items-center gap-3">
        <p role="status" className="text-13 text-2">
          {describe(errors.length, diagnostics.length - errors.length, validation.isOfThis, isDirty)}
        </p>
        <span className="flex-1" />
        {isDirty ? <Button onClick={() => setDiscarding(true)}>Discard changes…</Button> : null}
        <Button variant="primary" icon={Save} disabledReason={reason} onClick={save} kbd="Ctrl Enter">
          Save…
        </Button>
      </header>
      {isRestored ? <p className="text-13 text-2">This is what you had typed and not saved.</p> : null}
      {isStale && isDirty ? (
        <p data-hue="warning" className="rounded-6 bg-hue-tint px-3 py-2 text-13 text-hue-text">
          {describeMeanwhile(pipeline.updatedBy, `version ${pipeline.version}`)}{' '}
          <Button size="dense" onClick={() => setBase({ text: present, seq: pipeline.seq, version: pipeline.version })}>
            Compare with it and go on
          </Button>
        </p>
      ) : null}
      {validation.error ? <InlineProblem problem={validation.error} onRetry={() => void validation.refetch()} /> : null}
      <div className="grid min-h-0 flex-1 gap-4 lg:grid-cols-2">
        <div className="h-[min(70vh,800px)]">
          <TextEditor
            label={`Text of ${pipeline.name}`}
            value={text}
            isReadOnly={pipeline.can.write !== true}
            marked={new Set(errors.map(({ span }) => span.start.line))}
            area={area}
            onChange={setText}
            onSave={save}
          />
        </div>
        <div className="flex min-w-0 flex-col gap-4">
          {diagnostics.length > 0 ? (
            <Panel title="Problems">
              <div className="p-4">
                <CodeFrames diagnostics={diagnostics} text={text} onGoTo={(offset) => goTo([offset, offset])} />
              </div>
            </Panel>
          ) : null}
          <Panel title="Graph">
            <div className={`h-96 ${graph && errors.length > 0 ? 'opacity-50' : ''}`}>
              {graph ? (
                <GraphView stages={graph} now={now} selected={null} onOpen={goToStage} />
              ) : (
                <p className="p-4 text-13 text-2">The graph shows as soon as the text has no errors.</p>
              )}
            </div>
          </Panel>
        </div>
      </div>
      {isDiscarding ? (
        <Confirm
          title="Discard changes"
          effect={`What you have typed goes; the text is that of version ${base.version} again.`}
          verb="Discard"
          isDangerous
          onConfirm={() => {
            setText(base.text);
            setDiscarding(false);
          }}
          onClose={() => setDiscarding(false)}
        />
      ) : null}
      {isSaving ? (
        <SaveDialog
          pipeline={pipeline}
          base={base}
          text={text}
          onClose={() => setSaving(false)}
          onSaved={(saved) => {
            setBase({ text, seq: saved.seq, version: saved.version });
            setSaving(false);
          }}
        />
      ) : null}
    </div>
  );
}

function reasonAgainst(
  { can }: PipelineWithText,
  is: { isDirty: boolean; isStale: boolean; hasErrors: boolean; isChecked: boolean },
): string | null {
  if (can.write !== true) return can.write.no;
  if (!is.isDirty) return 'nothing has changed';
  if (is.isStale) return 'it was changed meanwhile';
  if (!is.isChecked) return 'the text is being checked';
  return is.hasErrors ? 'the text has errors' : null;
}

function describe(errors: number, warnings: number, isChecked: boolean, isDirty: boolean): string {
  const count = (amount: number, noun: string) => `${amount} ${noun}${amount === 1 ? '' : 's'}`;
  const found = isChecked ? `${count(errors, 'error')}, ${count(warnings, 'warning')}` : 'checking';
  return isDirty ? `${found} · not saved` : found;
}
