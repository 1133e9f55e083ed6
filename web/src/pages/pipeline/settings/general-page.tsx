import type { PipelineWithText } from '#core/rest-pipelines.ts';
import { ActionButton } from '../../../actions/action-button.tsx';
import {
  deletePipeline,
  disablePipeline,
  editPipeline,
  enablePipeline,
  type PipelineSubject,
} from '../../../actions/pipeline.ts';
import { Badge } from '../../../ui/badge.tsx';
import { Panel } from '../../../ui/panel.tsx';
import { DescriptionForm } from './description-form.tsx';
import { PipelineSettings } from './pipeline-settings.tsx';
import { VersionsPanel } from './versions-panel.tsx';

/** What a pipeline is called, whether it starts runs, its texts so far, and its end (UI §4.6). */
export default function GeneralPage() {
  return (
    <PipelineSettings page="general" isWritten>
      {({ pipeline, subject }) => (
        <>
          <DescriptionForm key={pipeline.id} pipeline={pipeline} />
          <StatePanel pipeline={pipeline} subject={subject} />
          {pipeline.text === null ? null : <VersionsPanel pipeline={pipeline} text={pipeline.text} subject={subject} />}
          <Panel title="Delete the pipeline">
            <Line action={<ActionButton action={deletePipeline} subject={subject} />}>
              It starts no runs any more and its name is free again. Its runs stay, with logs and artifacts.
            </Line>
          </Panel>
        </>
      )}
    </PipelineSettings>
  );
}

function StatePanel({ pipeline, subject }: { pipeline: PipelineWithText; subject: PipelineSubject }) {
  const { enabled, text, file } = pipeline;
  return (
    <Panel title={<>State {enabled ? <Badge hue="success">Enabled</Badge> : <Badge>Disabled</Badge>}</>}>
      <Line
        action={
          <>
            <ActionButton action={enablePipeline} subject={subject} />
            <ActionButton action={disablePipeline} subject={subject} />
          </>
        }
      >
        {enabled ? 'It starts runs when it is asked to.' : 'It starts no runs until it is enabled.'}
      </Line>
      <Line action={<ActionButton action={editPipeline} subject={subject} />}>
        {text === null ? (
          <>
            Its text is the file <code className="font-mono text-12">{file}</code>.
          </>
        ) : (
          `Its text is kept on the server, as version ${pipeline.version}.`
        )}
      </Line>
    </Panel>
  );
}

function Line({ action, children }: { action: React.ReactNode; children: React.ReactNode }) {
  return (
    <div className="flex flex-wrap items-center justify-between gap-3 border-b border-subtle px-4 py-3 last:border-b-0">
      <p className="max-w-120 text-13 text-2">{children}</p>
      <span className="flex gap-2">{action}</span>
    </div>
  );
}
