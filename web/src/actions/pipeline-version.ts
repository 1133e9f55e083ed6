import { RotateCcw } from 'lucide-react';
import type { PipelineVersionObject } from '#core/rest-pipelines.ts';
import { availableIf, type Action } from './action.ts';
import { dialogLater } from './dialog-later.ts';
import type { PipelineSubject } from './pipeline.ts';

export interface VersionSubject extends PipelineSubject {
  version: PipelineVersionObject;
}

const RestoreDialog = dialogLater<VersionSubject>(
  async () => (await import('../pages/pipeline/settings/restore-dialog.tsx')).RestoreDialog,
);

export const restoreVersion: Action<VersionSubject> = {
  ...{ kind: 'dialog', id: 'pipeline.restore', icon: RotateCcw, Dialog: RestoreDialog },
  label: ({ version }) => `Restore version ${version.version}…`,
  availability: ({ pipeline, version }) => {
    if (version.version === pipeline.version) return { no: 'this is the present version' };
    return availableIf(pipeline.can.write);
  },
};
