import { Plus } from 'lucide-react';
import type { Action } from './action.ts';
import { dialogLater } from './dialog-later.ts';

/** A pipeline that there is not yet. */
interface NewPipeline {
  id: string;
  name: string;
}

const CreateNamedDialog = dialogLater<NewPipeline>(
  async () => (await import('../pages/pipelines/create-dialog.tsx')).CreateNamedDialog,
);

/** In the workspace of the address. */
export const createPipeline: Action<NewPipeline> = {
  ...{ kind: 'dialog', id: 'pipeline.create', icon: Plus, Dialog: CreateNamedDialog },
  label: ({ name }) => `Create the pipeline “${name}”…`,
  availability: () => 'yes',
};
