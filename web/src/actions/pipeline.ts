import { Pencil, Pin, Play, Power, PowerOff, Settings, Trash2 } from 'lucide-react';
import type { PipelineObject } from '#core/rest-pipelines.ts';
import { isPinned, togglePin } from '../app/pins.ts';
import { write } from '../data/http.ts';
import { availableIf, type Action } from './action.ts';
import { dialogLater } from './dialog-later.ts';

/** A pipeline, and where its pages are. */
export interface PipelineSubject {
  /** Of the pipeline. */
  id: string;
  pipeline: PipelineObject;
  /** `/acme/shop/pipelines/shop-api` */
  href: string;
  goTo(href: string): void;
  /** What the dialog that starts a run has filled in. */
  params?: Readonly<Record<string, string>>;
}

const TriggerDialog = dialogLater<PipelineSubject>(
  async () => (await import('../pages/pipeline/trigger/trigger-dialog.tsx')).TriggerDialog,
);

export const triggerPipeline: Action<PipelineSubject> = {
  ...{ kind: 'dialog', id: 'pipeline.trigger', icon: Play, key: 'r', Dialog: TriggerDialog },
  label: () => 'Trigger…',
  availability: ({ pipeline }) => availableIf(pipeline.can.trigger),
};

export const editPipeline: Action<PipelineSubject> = {
  ...{ kind: 'local', id: 'pipeline.edit', icon: Pencil },
  label: () => 'Edit',
  availability: ({ pipeline }) => availableIf(pipeline.can.write),
  act: ({ href, goTo }) => goTo(`${href}/edit`),
};

/** What is set of it beside its text (UI §4.6); shown to all who see the pipeline. */
export const openPipelineSettings: Action<PipelineSubject> = {
  ...{ kind: 'local', id: 'pipeline.settings', icon: Settings, key: ',' },
  label: () => 'Settings',
  availability: () => 'yes',
  act: ({ href, goTo }) => goTo(`${href}/settings/general`),
};

/** Lists and the page that show the pipeline. */
const refreshes = ({ pipeline }: PipelineSubject) => [
  ['pipelines', pipeline.workspace],
  ['pipeline', pipeline.workspace],
];

export const disablePipeline: Action<PipelineSubject> = {
  ...{ kind: 'command', id: 'pipeline.disable', icon: PowerOff },
  label: () => 'Disable',
  availability: ({ pipeline }) => (pipeline.enabled ? availableIf(pipeline.can.write) : 'hidden'),
  effect: ({ pipeline }) => `${pipeline.name} starts no runs until it is enabled; what runs goes on to its end.`,
  done: ({ pipeline }) => `${pipeline.name} is disabled`,
  run: (subject, key) => setEnabled(subject, false, key),
  refreshes,
};

export const enablePipeline: Action<PipelineSubject> = {
  ...{ kind: 'command', id: 'pipeline.enable', icon: Power },
  label: () => 'Enable',
  availability: ({ pipeline }) => (pipeline.enabled ? 'hidden' : availableIf(pipeline.can.write)),
  done: ({ pipeline }) => `${pipeline.name} is enabled`,
  run: (subject, key) => setEnabled(subject, true, key),
  refreshes,
};

export const deletePipeline: Action<PipelineSubject> = {
  ...{ kind: 'command', id: 'pipeline.delete', icon: Trash2, isDangerous: true },
  label: () => 'Delete pipeline',
  availability: ({ pipeline }) => availableIf(pipeline.can.write),
  effect: ({ pipeline }) =>
    `${pipeline.name} is gone from lists and starts no runs; its name is free again. Its runs stay, and those that are open go on to their end.`,
  typed: ({ pipeline }) => pipeline.name,
  done: ({ pipeline }) => `${pipeline.name} is deleted`,
  refreshes: ({ pipeline }) => [['pipelines', pipeline.workspace]],
  async run({ pipeline, goTo }, key) {
    await write('DELETE', `pipelines/${pipeline.id}`, undefined, { key, ifMatch: `"${pipeline.seq}"` });
    goTo(`/${pipeline.workspace}/pipelines`);
    return { kind: 'done' };
  },
};

async function setEnabled({ pipeline }: PipelineSubject, enabled: boolean, key: string) {
  await write('PATCH', `pipelines/${pipeline.id}`, { enabled }, { key, ifMatch: `"${pipeline.seq}"` });
  return { kind: 'done' } as const;
}

/** In the order of the head. */
export const PIPELINE_ACTIONS: readonly Action<PipelineSubject>[] = [
  ...[triggerPipeline, editPipeline, openPipelineSettings, enablePipeline, disablePipeline],
];

/** For rows: a page has its pin in the header. */
export const pinPipeline: Action<PipelineSubject> = {
  ...{ kind: 'local', id: 'pipeline.pin', icon: Pin },
  label: ({ href }) => (isPinned(href) ? 'Take the pin away' : 'Pin'),
  availability: () => 'yes',
  act: ({ href, pipeline }) => togglePin({ href, label: pipeline.name, detail: 'Pipelines' }),
};
